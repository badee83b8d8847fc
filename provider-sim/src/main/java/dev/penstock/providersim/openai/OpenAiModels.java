package dev.penstock.providersim.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A model in OpenAI's shape, which vLLM and Mistral have taken over. */
public final class OpenAiModels {
  private static final long CREATED = 1_700_000_000;

  private OpenAiModels() {}

  public static ObjectNode model(String name) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", name)
        .put("object", "model")
        .put("created", CREATED)
        .put("owned_by", "penstock-provider-sim");
  }
}
