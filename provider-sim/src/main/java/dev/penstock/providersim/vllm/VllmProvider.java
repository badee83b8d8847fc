package dev.penstock.providersim.vllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.openai.OpenAiErrors;
import dev.penstock.providersim.openai.OpenAiModels;
import dev.penstock.providersim.refuse.Complaint;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A vLLM server, started with an API key. */
public final class VllmProvider implements Provider {
  @Override
  public String word() {
    return "vllm";
  }

  @Override
  public List<String> keyHeaders() {
    return List.of("authorization");
  }

  @Override
  public void checkHead(Head head) {
    // vLLM asks for nothing but the key.
  }

  @Override
  public Map<String, String> headers(String requestId) {
    return Map.of("x-request-id", requestId, "server", "uvicorn");
  }

  @Override
  public int status(Complaint complaint) {
    return complaint.status();
  }

  @Override
  public Buffer error(Complaint complaint, String requestId) {
    return Buffer.buffer(body(complaint).toString());
  }

  /** As OpenAI's error, but the code is the status, as a number. */
  public static ObjectNode body(Complaint complaint) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", OpenAiErrors.message(complaint))
        .put("type", Optional.ofNullable(complaint.type()).orElseGet(() -> type(complaint)))
        .put("param", complaint.param())
        .put("code", complaint.status());
    return body;
  }

  private static String type(Complaint complaint) {
    return switch (complaint.status()) {
      case 401 -> "Unauthorized";
      case 404 -> "NotFoundError";
      case 503 -> "ServiceUnavailableError";
      default -> complaint.status() < 500 ? "BadRequestError" : "InternalServerError";
    };
  }

  @Override
  public JsonNode model(String name) {
    return OpenAiModels.model(name);
  }

  @Override
  public JsonNode models(List<String> names) {
    return OpenAiModels.list(names);
  }
}
