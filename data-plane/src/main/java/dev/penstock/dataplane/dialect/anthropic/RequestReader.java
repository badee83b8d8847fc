package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.FieldReader;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.OutputFormat;
import dev.penstock.dataplane.dialect.ModelRequest.Sampling;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.dialect.RequestDecoder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Reads a client's request.
 *
 * <p>Source: Anthropic API reference, "Create a Message" and "Count tokens in a Message".
 */
final class RequestReader implements RequestDecoder {

  /** What a request is for. */
  enum Purpose {
    ANSWER,
    /** Only its tokens are counted: it has no limit on output. */
    COUNT
  }

  private final ApiVersion version;
  private final Purpose purpose;

  RequestReader(ApiVersion version, Purpose purpose) {
    this.version = version;
    this.purpose = purpose;
  }

  @Override
  public ModelRequest decode(JsonNode body) {
    Map<Feature, String> used = new EnumMap<>(Feature.class);
    FieldReader fields = FieldReader.ofBody(body, used);
    ToolReader tools = new ToolReader(fields);
    Thinking thinking = Thinking.read(fields);
    List<Turn> turns = new TurnReader(version).read(fields);
    CallOrder.check(turns);
    return new ModelRequest(
        fields.requiredText("model"),
        turns,
        tools.tools(),
        tools.choice(),
        tools.parallel(),
        format(fields),
        maxTokens(fields),
        sampling(fields),
        stop(fields),
        thinking.reasoning(),
        fields.flag("stream").orElse(false),
        true,
        endUser(fields),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        noted(fields, used));
  }

  private static Map<Feature, String> noted(FieldReader fields, Map<Feature, String> used) {
    noteIfThere(fields, "container", Feature.PROVIDER_STATE);
    noteIfThere(fields, "mcp_servers", Feature.HOSTED_TOOLS);
    fields
        .text("service_tier")
        .filter(tier -> !"auto".equals(tier))
        .ifPresent(_ -> fields.note(Feature.SERVICE_TIER, "service_tier"));
    fields
        .text("speed")
        .filter(speed -> !"standard".equals(speed))
        .ifPresent(_ -> fields.note(Feature.UNKNOWN_FIELD, "speed"));
    fields.noteUnknown();
    return used;
  }

  private static void noteIfThere(FieldReader fields, String field, Feature feature) {
    if (fields.has(field)) {
      fields.note(feature, field);
    }
  }

  private OptionalLong maxTokens(FieldReader fields) {
    OptionalLong max = fields.whole("max_tokens", 0, Integer.MAX_VALUE);
    if (max.isEmpty() && purpose == Purpose.ANSWER) {
      throw fields.wrong("max_tokens", "is missing; say how many tokens the answer may have");
    }
    if (max.isPresent() && max.getAsLong() == 0) {
      fields.note(Feature.WARM_CACHE, "max_tokens");
    }
    return max;
  }

  private Sampling sampling(FieldReader fields) {
    OptionalDouble temperature = fields.number("temperature", 0, 1);
    OptionalDouble topP = fields.number("top_p", 0, 1);
    OptionalLong topK = fields.whole("top_k", 0, Integer.MAX_VALUE);
    if (version == ApiVersion.V2026_10_21) {
      for (String field : List.of("temperature", "top_p", "top_k")) {
        if (fields.has(field)) {
          throw fields.wrong(field, "is not part of version 2026-10-21 of the API; leave it out");
        }
      }
    }
    if (topK.isPresent()) {
      fields.note(Feature.TOP_K, "top_k");
    }
    return new Sampling(
        temperature,
        topP,
        topK,
        OptionalLong.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  private static List<String> stop(FieldReader fields) {
    List<JsonNode> elements = fields.elements("stop_sequences");
    List<String> stop = new ArrayList<>(elements.size());
    for (int i = 0; i < elements.size(); i++) {
      if (!elements.get(i).isTextual()) {
        throw fields.wrong("stop_sequences[" + i + "]", "must be a string");
      }
      stop.add(elements.get(i).textValue());
    }
    if (!stop.isEmpty()) {
      fields.note(Feature.STOP, "stop_sequences");
    }
    if (stop.size() > 4) {
      fields.note(Feature.STOP_ABOVE_4, "stop_sequences");
    }
    return stop;
  }

  /** The schema has no name on this wire, but others want one. */
  private static OutputFormat format(FieldReader fields) {
    Optional<FieldReader> config = fields.object("output_config");
    Optional<FieldReader> format = config.flatMap(it -> it.object("format"));
    config.ifPresent(it -> {
      it.has("effort"); // Thinking reads it
      it.noteUnknown();
    });
    if (format.isEmpty()) {
      return new OutputFormat.Text();
    }
    FieldReader given = format.get();
    if (!"json_schema".equals(given.requiredText("type"))) {
      throw given.wrong("type", "must be json_schema");
    }
    JsonNode schema =
        given
            .node("schema")
            .filter(JsonNode::isObject)
            .orElseThrow(() -> given.wrong("schema", "must be a JSON schema"));
    given.noteUnknown();
    return new OutputFormat.JsonSchema("answer", "", schema, Optional.of(true));
  }

  private static Optional<String> endUser(FieldReader fields) {
    Optional<FieldReader> metadata = fields.object("metadata");
    Optional<String> user = metadata.flatMap(it -> it.text("user_id"));
    metadata.ifPresent(it -> {
      user.ifPresent(_ -> it.note(Feature.END_USER, "user_id"));
      it.noteUnknown();
    });
    return user;
  }
}
