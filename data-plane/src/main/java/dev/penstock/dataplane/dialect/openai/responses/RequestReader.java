package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.FieldReader;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.OutputFormat;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning.Level;
import dev.penstock.dataplane.dialect.ModelRequest.Sampling;
import dev.penstock.dataplane.dialect.RequestDecoder;
import dev.penstock.dataplane.dialect.field.Field;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/** Reads what a client asks. Source: OpenAI API reference, "Create a model response". */
final class RequestReader implements RequestDecoder {

  private static final String ENCRYPTED_REASONING = "reasoning.encrypted_content";
  private static final String LOG_PROBABILITIES = "message.output_text.logprobs";

  @Override
  public ModelRequest decode(JsonNode body) {
    Map<Feature, String> used = new EnumMap<>(Feature.class);
    FieldReader request = FieldReader.ofBody(body, used);
    noteWhatProvidersKeep(request);
    noteHints(request);
    return new ModelRequest(
        request.requiredText("model"),
        new InputReader().read(request),
        ToolReader.tools(request),
        ToolReader.choice(request),
        request.flag("parallel_tool_calls"),
        format(request),
        request.whole("max_output_tokens", 1, Integer.MAX_VALUE),
        sampling(request),
        List.of(),
        reasoning(request),
        request.flag("stream").orElse(false),
        true, // every stream of this dialect tells usage
        endUser(request),
        metadata(request),
        noted(request, "prompt_cache_key", Feature.CACHE_KEY),
        serviceTier(request),
        verbosity(request),
        all(request, used));
  }

  /** Last, when all that is known has been asked for. */
  private static Map<Feature, String> all(FieldReader request, Map<Feature, String> used) {
    request.noteUnknown();
    return used;
  }

  private static void noteWhatProvidersKeep(FieldReader request) {
    for (String kept : List.of("previous_response_id", "conversation", "prompt")) {
      if (request.has(kept)) {
        request.note(Feature.PROVIDER_STATE, kept);
      }
    }
    if (request.flag("background").orElse(false)) {
      request.note(Feature.BACKGROUND, "background");
    }
    // Keeping is this dialect's default, so only who says it expects it.
    if (request.flag("store").orElse(false)) {
      request.note(Feature.STORE, "store");
    }
    if (request.has("context_management")) {
      request.note(Feature.TRUNCATION, "context_management");
    }
    if (!oneOf(request, "truncation", "disabled", "auto").orElse("disabled").equals("disabled")) {
      request.note(Feature.TRUNCATION, "truncation");
    }
    if (request.has("moderation")) {
      request.note(Feature.PROVIDER_GUARDRAILS, "moderation");
    }
    // It counts calls of tools that the provider runs, and those are noted by themselves.
    request.whole("max_tool_calls", 1, Integer.MAX_VALUE);
    request
        .object("stream_options")
        .ifPresent(options -> {
          options.flag("include_obfuscation"); // padding, which a translated stream does without
          options.noteUnknown();
        });
  }

  private static void noteHints(FieldReader request) {
    for (String hint : List.of("prompt_cache_retention", "prompt_cache_options")) {
      if (request.has(hint)) {
        request.note(Feature.CACHE_OPTIONS, hint);
      }
    }
    if (request.whole("top_logprobs", 0, 20).orElse(0) > 0) {
      request.note(Feature.LOG_PROBABILITIES, "top_logprobs");
    }
    for (Field include : request.fields("include")) {
      noteIncluded(request, include.text(), include.path());
    }
  }

  private static void noteIncluded(FieldReader request, String included, String at) {
    switch (included) {
      case ENCRYPTED_REASONING -> request.note(Feature.REASONING_DISPLAY, at);
      case LOG_PROBABILITIES -> request.note(Feature.LOG_PROBABILITIES, at);
      default -> request.note(Feature.HOSTED_TOOLS, at); // what a tool of the provider's found
    }
  }

  private static OutputFormat format(FieldReader request) {
    Optional<FieldReader> text = request.object("text");
    Optional<FieldReader> format = text.flatMap(it -> it.object("format"));
    text.ifPresent(it -> {
      it.has("verbosity"); // read by its own method
      it.noteUnknown();
    });
    return format.map(RequestReader::formatOf).orElseGet(OutputFormat.Text::new);
  }

  private static OutputFormat formatOf(FieldReader format) {
    OutputFormat result =
        switch (format.requiredText("type")) {
          case "text" -> new OutputFormat.Text();
          case "json_object" -> {
            format.note(Feature.JSON_OBJECT, "type");
            yield new OutputFormat.JsonObject();
          }
          case "json_schema" -> schema(format);
          default -> throw format.wrong("type", "must be text, json_object or json_schema");
        };
    format.noteUnknown();
    return result;
  }

  private static OutputFormat schema(FieldReader format) {
    return new OutputFormat.JsonSchema(
        format.requiredText("name"),
        format.text("description").orElse(""),
        format.need("schema").object().node(),
        format.flag("strict"));
  }

  private static Optional<String> verbosity(FieldReader request) {
    Optional<FieldReader> text = request.object("text");
    Optional<String> verbosity =
        text.flatMap(it -> oneOf(it, "verbosity", "low", "medium", "high"));
    if (verbosity.isPresent()) {
      request.note(Feature.VERBOSITY, "text.verbosity");
    }
    return verbosity;
  }

  private static Sampling sampling(FieldReader request) {
    OptionalDouble temperature = request.number("temperature", 0, 2);
    if (temperature.orElse(0) > 1) {
      request.note(Feature.TEMPERATURE_ABOVE_1, "temperature");
    }
    if (temperature.orElse(0) > 1.5) {
      request.note(Feature.TEMPERATURE_ABOVE_1_5, "temperature");
    }
    return new Sampling(
        temperature,
        request.number("top_p", 0, 1),
        OptionalLong.empty(),
        OptionalLong.empty(),
        penalty(request, "presence_penalty"),
        penalty(request, "frequency_penalty"));
  }

  /** Not OpenAI's, but of the servers that follow the open specification of this dialect. */
  private static OptionalDouble penalty(FieldReader request, String field) {
    OptionalDouble penalty = request.number(field, -2, 2);
    if (penalty.orElse(0) != 0) {
      request.note(Feature.PENALTIES, field);
    }
    return penalty;
  }

  private static Reasoning reasoning(FieldReader request) {
    Optional<FieldReader> reasoning = request.object("reasoning");
    if (reasoning.isEmpty()) {
      return new Reasoning.Unstated();
    }
    FieldReader fields = reasoning.get();
    for (String display : List.of("summary", "generate_summary")) {
      if (fields.has(display)) {
        fields.note(Feature.REASONING_DISPLAY, display);
      }
    }
    Optional<String> effort =
        oneOf(fields, "effort", "none", "minimal", "low", "medium", "high", "xhigh", "max");
    fields.noteUnknown();
    return effort.map(RequestReader::effort).orElseGet(Reasoning.Unstated::new);
  }

  private static Reasoning effort(String word) {
    return word.equals("none")
        ? new Reasoning.Off()
        : new Reasoning.Effort(Level.valueOf(word.toUpperCase(Locale.ROOT)));
  }

  private static Optional<String> endUser(FieldReader request) {
    Optional<String> identifier = noted(request, "safety_identifier", Feature.END_USER);
    Optional<String> user = noted(request, "user", Feature.END_USER);
    return identifier.or(() -> user);
  }

  private static Map<String, String> metadata(FieldReader request) {
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : members(request, "metadata")) {
      if (!each.getValue().isTextual()) {
        throw request.wrong("metadata", "must have strings as values");
      }
      metadata.put(each.getKey(), each.getValue().textValue());
    }
    if (!metadata.isEmpty()) {
      request.note(Feature.METADATA, "metadata");
    }
    return metadata;
  }

  private static Set<Map.Entry<String, JsonNode>> members(FieldReader request, String object) {
    return request.find(object).map(it -> it.object().node().properties()).orElseGet(Set::of);
  }

  private static Optional<String> serviceTier(FieldReader request) {
    Optional<String> tier = request.text("service_tier");
    if (!tier.orElse("auto").equals("auto") && !tier.orElse("auto").equals("default")) {
      request.note(Feature.SERVICE_TIER, "service_tier");
    }
    return tier;
  }

  private static Optional<String> noted(FieldReader request, String field, Feature feature) {
    Optional<String> text = request.text(field);
    if (text.isPresent()) {
      request.note(feature, field);
    }
    return text;
  }

  private static Optional<String> oneOf(FieldReader fields, String field, String... words) {
    Optional<String> word = fields.text(field);
    if (word.isPresent() && !List.of(words).contains(word.get())) {
      throw fields.wrong(field, "must be one of " + String.join(", ", words));
    }
    return word;
  }
}
