package dev.penstock.providersim.vllm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.openai.OpenAiModels;
import dev.penstock.providersim.refuse.Complaint;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** A vLLM server, started with an API key. */
public record VllmProvider(Release release) implements Provider {

  /** Which shapes it has. */
  public enum Release {
    TODAY,
    OLDER
  }

  @Override
  public String word() {
    return release == Release.TODAY ? "vllm" : "older-vllm";
  }

  @Override
  public Map<String, String> headers(String requestId) {
    return Map.of("x-request-id", requestId, "server", "uvicorn");
  }

  @Override
  public Buffer error(Complaint complaint, String requestId) {
    ObjectNode body =
        switch (release) {
          case TODAY -> VllmErrors.nested(complaint);
          case OLDER -> VllmErrors.flat(complaint);
        };
    return Buffer.buffer(body.toString());
  }

  @Override
  public ObjectNode model(String name) {
    return OpenAiModels.model(name).put("owned_by", "vllm");
  }
}
