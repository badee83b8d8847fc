package dev.penstock.dataplane.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.admission.Admission;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.Stage.Governed;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What {@code GET /v1/models} answers: the models that the caller may use. */
final class ModelList {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String OWNER = "penstock";

  private ModelList() {}

  static Buffer all(Governed governed) {
    List<String> models = Admission.usableModels(governed);
    return write(json -> {
      json.writeStartObject();
      json.writeStringField("object", "list");
      json.writeArrayFieldStart("data");
      for (String model : models) {
        writeModel(json, model);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  /** One model; a model that may not be used does not exist here. */
  static Buffer one(Governed governed, String model) {
    if (!Admission.isUsable(governed, model)) {
      throw Refusal.ofField(
              Code.MODEL_NOT_FOUND,
              "model",
              "There is no model of this name; GET /v1/models lists those that the key may use.")
          .toException();
    }
    return write(json -> writeModel(json, model));
  }

  private static void writeModel(JsonGenerator json, String model) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", model);
    json.writeStringField("object", "model");
    json.writeNumberField("created", 0); // a catalogue name has no date of its own
    json.writeStringField("owned_by", OWNER);
    json.writeEndObject();
  }

  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private static Buffer write(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      writing.to(json);
    } catch (IOException impossible) {
      throw new UncheckedIOException("memory does not fail", impossible);
    }
    return Buffer.buffer(bytes.toByteArray());
  }
}
