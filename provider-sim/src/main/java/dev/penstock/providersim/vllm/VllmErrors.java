package dev.penstock.providersim.vllm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.openai.OpenAiErrors;
import dev.penstock.providersim.refuse.Complaint;
import java.util.Optional;

/** vLLM's errors: OpenAI's sentences, and the status as code, a number. */
public final class VllmErrors {
  private VllmErrors() {}

  /** {@code {"error": {…}}}, as it is today. */
  public static ObjectNode nested(Complaint complaint) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("error", fields(JsonNodeFactory.instance.objectNode(), complaint));
    return body;
  }

  /** {@code {"object": "error", …}}, as it was. */
  public static ObjectNode flat(Complaint complaint) {
    return fields(JsonNodeFactory.instance.objectNode().put("object", "error"), complaint);
  }

  private static ObjectNode fields(ObjectNode target, Complaint complaint) {
    return target
        .put("message", OpenAiErrors.message(complaint))
        .put("type", Optional.ofNullable(complaint.type()).orElseGet(() -> type(complaint)))
        .put("param", complaint.param())
        .put("code", complaint.status());
  }

  private static String type(Complaint complaint) {
    return switch (complaint.status()) {
      case 401 -> "Unauthorized";
      case 404 -> "NotFoundError";
      case 503 -> "ServiceUnavailableError";
      default -> complaint.status() < 500 ? "BadRequestError" : "InternalServerError";
    };
  }
}
