package dev.penstock.providersim.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.refuse.Rejection;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/**
 * What all paths of one provider have in common: keys, versions, headers, errors, models. What most
 * providers have taken over from OpenAI is here.
 */
public interface Provider {
  /** How its paths are named on the invoice, such as {@code openai}. */
  String word();

  /** The headers that may hold the key, lower case, the one that counts first. */
  default List<String> keyHeaders() {
    return List.of("authorization");
  }

  /**
   * Checks what must be in the head of every call beside the key, such as a version.
   *
   * @throws Rejection if it is not there, or wrong
   */
  default void checkHead(Head head) throws Rejection {
    // Most providers ask for nothing more.
  }

  /** What every answer's head says beside its type. */
  Map<String, String> headers(String requestId);

  /** The status of an answer with this error; not every provider has the same one for it. */
  default int status(Complaint complaint) {
    return complaint.status();
  }

  /** The body of an answer with this error. */
  Buffer error(Complaint complaint, String requestId);

  ObjectNode model(String name);

  default JsonNode models(List<String> names) {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    names.forEach(name -> data.add(model(name)));
    return list;
  }
}
