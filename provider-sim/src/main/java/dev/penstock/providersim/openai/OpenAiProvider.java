package dev.penstock.providersim.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.refuse.Complaint;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** OpenAI itself: a bearer, and no version to name. */
public final class OpenAiProvider implements Provider {
  @Override
  public String word() {
    return "openai";
  }

  @Override
  public Map<String, String> headers(String requestId) {
    return Map.of("x-request-id", requestId, "openai-version", "2020-10-01");
  }

  @Override
  public Buffer error(Complaint complaint, String requestId) {
    return Buffer.buffer(OpenAiErrors.body(complaint).toString());
  }

  @Override
  public ObjectNode model(String name) {
    return OpenAiModels.model(name);
  }
}
