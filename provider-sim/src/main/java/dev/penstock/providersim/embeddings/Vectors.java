package dev.penstock.providersim.embeddings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.Answer;
import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.RandomId;
import dev.penstock.providersim.embeddings.EmbeddingsDialect.Style;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.openai.OpenAiUsage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

/** Vectors of length 1, the same whenever the same input comes again. */
record Vectors(Style style, String model, List<Input> inputs, int dimensions, Encoding encoding)
    implements Asked.Document {
  Vectors {
    inputs = List.copyOf(inputs);
  }

  enum Encoding {
    FLOAT,
    /** Four bytes for each number, the lowest first. */
    BASE64
  }

  @Override
  public JsonNode json(Answer answer, Usage usage) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = json.putArray("data");
    for (Input input : inputs) {
      ObjectNode one = data.addObject().put("object", "embedding").put("index", data.size() - 1);
      one.set("embedding", encoded(vector(input)));
    }
    ObjectNode counted = OpenAiUsage.embeddings(usage);
    if (style == Style.MISTRAL) {
      json.put("id", RandomId.of("", 32));
      counted.put("completion_tokens", 0);
    }
    json.put("model", model).set("usage", counted);
    return json;
  }

  private float[] vector(Input input) {
    SplittableRandom random = new SplittableRandom(input.json().hashCode());
    float[] vector = new float[dimensions];
    double squares = 0;
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) random.nextDouble(-1, 1);
      squares += (double) vector[i] * vector[i];
    }
    double length = Math.sqrt(squares);
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) (vector[i] / length);
    }
    return vector;
  }

  private JsonNode encoded(float[] vector) {
    return switch (encoding) {
      case FLOAT -> {
        ArrayNode numbers = JsonNodeFactory.instance.arrayNode(vector.length);
        for (float number : vector) {
          numbers.add(number);
        }
        yield numbers;
      }
      case BASE64 -> {
        ByteBuffer bytes =
            ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : vector) {
          bytes.putFloat(number);
        }
        yield JsonNodeFactory.instance.textNode(Base64.getEncoder().encodeToString(bytes.array()));
      }
    };
  }
}
