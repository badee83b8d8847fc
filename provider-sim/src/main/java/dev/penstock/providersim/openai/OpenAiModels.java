package dev.penstock.providersim.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The list of models in OpenAI's shape, which vLLM and Mistral have taken over. */
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

  public static ObjectNode list(List<String> names) {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    names.forEach(name -> data.add(model(name)));
    return list;
  }
}
