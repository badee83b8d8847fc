package dev.penstock.providersim.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.refuse.Rejection;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/** What all paths of one provider have in common: keys, versions, headers, errors, models. */
public interface Provider {
  /** How its paths are named on the invoice, such as {@code openai}. */
  String word();

  /** The headers that may hold the key, lower case, the one that counts first. */
  List<String> keyHeaders();

  /** Checks what must be in the head of every call, such as a version. */
  void checkHead(Head head) throws Rejection;

  /** What every answer's head says beside its type. */
  Map<String, String> headers(String requestId);

  /** The status of an answer with this error; not every provider has the same one for it. */
  int status(Complaint complaint);

  /** The body of an answer with this error. */
  Buffer error(Complaint complaint, String requestId);

  JsonNode model(String name);

  JsonNode models(List<String> names);
}
