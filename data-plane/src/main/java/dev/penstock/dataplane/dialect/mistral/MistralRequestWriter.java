package dev.penstock.dataplane.dialect.mistral;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning.Level;
import dev.penstock.dataplane.dialect.Target;
import dev.penstock.dataplane.dialect.json.JsonBody;
import dev.penstock.dataplane.dialect.openai.chat.FieldWriter;
import dev.penstock.dataplane.dialect.openai.chat.ToolWriter;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/** Writes a request for Mistral, which refuses every field that it does not know. */
final class MistralRequestWriter {

  private static final double MOST_TEMPERATURE = 1.5;

  private MistralRequestWriter() {}

  static Buffer write(ModelRequest request, Target target) {
    return JsonBody.of(json -> members(json, request, target));
  }

  private static void members(JsonGenerator json, ModelRequest request, Target target)
      throws IOException {
    FieldWriter fields = new FieldWriter(json);
    ToolWriter tools = new ToolWriter(json);
    json.writeStringField("model", target.model());
    new MistralMessageWriter(json).write(request.turns());
    tools.tools(request, "any");
    tools.format(request.format());
    fields.whole("max_tokens", request.maxOutputTokens());
    fields.sampling(request.sampling().withTemperatureUpTo(MOST_TEMPERATURE), "random_seed");
    fields.stop(request.stop());
    fields.reasoning(request.reasoning(), Level.XHIGH);
    fields.metadata(request.metadata());
    fields.text("prompt_cache_key", request.cacheKey());
    if (request.stream()) {
      json.writeBooleanField("stream", true);
    }
  }
}
