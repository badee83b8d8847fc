package dev.penstock.providersim.mistral;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.openai.OpenAiModels;
import dev.penstock.providersim.refuse.Complaint;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** Mistral: a bearer, and a correlation id on every answer. */
public final class MistralProvider implements Provider {
  @Override
  public String word() {
    return "mistral";
  }

  @Override
  public Map<String, String> headers(String requestId) {
    return Map.of("mistral-correlation-id", requestId, "x-kong-request-id", requestId);
  }

  @Override
  public int status(Complaint complaint) {
    return MistralErrors.status(complaint);
  }

  @Override
  public Buffer error(Complaint complaint, String requestId) {
    return Buffer.buffer(MistralErrors.body(complaint).toString());
  }

  @Override
  public ObjectNode model(String name) {
    ObjectNode model = OpenAiModels.model(name).put("owned_by", "mistralai");
    model
        .putObject("capabilities")
        .put("completion_chat", true)
        .put("function_calling", true)
        .put("vision", true);
    return model;
  }
}
