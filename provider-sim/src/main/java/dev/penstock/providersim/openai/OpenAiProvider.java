package dev.penstock.providersim.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.refuse.Complaint;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/** OpenAI itself: a bearer, and no version to name. */
public final class OpenAiProvider implements Provider {
  @Override
  public String word() {
    return "openai";
  }

  @Override
  public List<String> keyHeaders() {
    return List.of("authorization");
  }

  @Override
  public void checkHead(Head head) {
    // Nothing is required beside the key: organisation and project have defaults.
  }

  @Override
  public Map<String, String> headers(String requestId) {
    return Map.of("x-request-id", requestId, "openai-version", "2020-10-01");
  }

  @Override
  public int status(Complaint complaint) {
    return complaint.status();
  }

  @Override
  public Buffer error(Complaint complaint, String requestId) {
    return Buffer.buffer(OpenAiErrors.body(complaint).toString());
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
