package dev.penstock.dataplane.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.Dialect;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Writes models as {@code GET /v1/models} answers them in each provider's API. A name of the
 * catalogue has no date of its own, so all are from the epoch, which is Anthropic's word for "not
 * known" (API reference, "List Models").
 */
enum ModelList {
  OPENAI {
    @Override
    void writeOne(JsonGenerator json, String model) throws IOException {
      json.writeStringField("id", model);
      json.writeStringField("object", "model");
      json.writeNumberField("created", 0);
      json.writeStringField("owned_by", OWNER);
    }
  },
  ANTHROPIC {
    @Override
    void writeOne(JsonGenerator json, String model) throws IOException {
      json.writeStringField("type", "model");
      json.writeStringField("id", model);
      json.writeStringField("display_name", model);
      json.writeStringField("created_at", "1970-01-01T00:00:00Z");
    }

    @Override
    void writeAround(JsonGenerator json, List<String> models) throws IOException {
      json.writeBooleanField("has_more", false);
      json.writeStringField("first_id", models.isEmpty() ? null : models.getFirst());
      json.writeStringField("last_id", models.isEmpty() ? null : models.getLast());
    }
  },
  MISTRAL {
    @Override
    void writeOne(JsonGenerator json, String model) throws IOException {
      OPENAI.writeOne(json, model);
      json.writeStringField("type", "base");
      json.writeObjectFieldStart("capabilities"); // its SDK needs the object, whatever is in it
      json.writeEndObject();
    }
  };

  private static final JsonFactory JSON = new JsonFactory();
  private static final String OWNER = "penstock";

  static ModelList of(Dialect dialect) {
    return switch (dialect) {
      case OPENAI_CHAT, OPENAI_RESPONSES -> OPENAI;
      case ANTHROPIC_MESSAGES -> ANTHROPIC;
      case MISTRAL_CHAT -> MISTRAL;
    };
  }

  abstract void writeOne(JsonGenerator json, String model) throws IOException;

  /** What stands beside the list. */
  void writeAround(JsonGenerator json, List<String> models) throws IOException {
    json.writeStringField("object", "list");
  }

  Buffer all(List<String> models) {
    return write(json -> {
      writeAround(json, models);
      json.writeArrayFieldStart("data");
      for (String model : models) {
        json.writeStartObject();
        writeOne(json, model);
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  Buffer one(String model) {
    return write(json -> writeOne(json, model));
  }

  @FunctionalInterface
  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private static Buffer write(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      writing.to(json);
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }
}
