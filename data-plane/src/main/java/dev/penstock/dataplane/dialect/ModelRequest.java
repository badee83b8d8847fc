package dev.penstock.dataplane.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What a client asks of a model, free of any dialect. Holds the prompt; {@link #toString} does not
 * show it.
 *
 * @param model the name that the client wrote
 * @param turns the conversation, system messages among them, in order
 * @param maxOutputTokens of reasoning and answer together
 * @param stop sequences at which the model stops
 * @param parallelTools whether several tools may be called at once; empty: not stated
 * @param usageAsked whether a stream is to tell usage, where the dialect leaves it to the client
 * @param endUser an opaque name of the end user
 * @param metadata the client's own, for the provider's records
 * @param serviceTier in OpenAI's words
 * @param verbosity {@code low}, {@code medium} or {@code high}
 * @param cacheKey what the provider may cache the prompt under
 * @param used the features that the request uses, each with the client's name of the first field
 *     that does, such as {@code messages[2].content[0].image_url}
 */
public record ModelRequest(
    String model,
    List<Turn> turns,
    List<Tool> tools,
    ToolChoice toolChoice,
    Optional<Boolean> parallelTools,
    OutputFormat format,
    OptionalLong maxOutputTokens,
    Sampling sampling,
    List<String> stop,
    Reasoning reasoning,
    boolean stream,
    boolean usageAsked,
    Optional<String> endUser,
    Map<String, String> metadata,
    Optional<String> cacheKey,
    Optional<String> serviceTier,
    Optional<String> verbosity,
    Map<Feature, String> used) {

  public ModelRequest {
    Objects.requireNonNull(model, "model");
    turns = List.copyOf(turns);
    tools = List.copyOf(tools);
    Objects.requireNonNull(toolChoice, "toolChoice");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(sampling, "sampling");
    stop = List.copyOf(stop);
    Objects.requireNonNull(reasoning, "reasoning");
    metadata = Map.copyOf(metadata);
    used = Map.copyOf(used);
  }

  /** The same, but for whether a stream is to tell usage. */
  public ModelRequest withUsageAsked(boolean isAsked) {
    return isAsked == usageAsked ? this : with(sampling, isAsked);
  }

  /** The same without sampling, for a model that takes none. */
  public ModelRequest withoutSampling() {
    return with(sampling.withoutChoice(), usageAsked);
  }

  private ModelRequest with(Sampling otherSampling, boolean isUsageAsked) {
    return new ModelRequest(
        model,
        turns,
        tools,
        toolChoice,
        parallelTools,
        format,
        maxOutputTokens,
        otherSampling,
        stop,
        reasoning,
        stream,
        isUsageAsked,
        endUser,
        metadata,
        cacheKey,
        serviceTier,
        verbosity,
        used);
  }

  /** One turn of the conversation. */
  public sealed interface Turn {

    record System(List<Part> parts) implements Turn {
      public System {
        parts = List.copyOf(parts);
      }
    }

    record User(List<Part> parts) implements Turn {
      public User {
        parts = List.copyOf(parts);
      }
    }

    record Assistant(List<Part> parts) implements Turn {
      public Assistant {
        parts = List.copyOf(parts);
      }
    }

    /**
     * What a tool answered.
     *
     * @param callId of the call that it answers
     * @param path the client's name of the field, for a refusal
     */
    record ToolResult(String callId, List<Part> parts, boolean isError, String path)
        implements Turn {
      public ToolResult {
        parts = List.copyOf(parts);
      }
    }
  }

  /** A piece of a turn. */
  public sealed interface Part {

    /**
     * @param cache where a cached prompt may end
     */
    record Text(String text, Optional<CacheMark> cache) implements Part {}

    /**
     * @param mediaType such as {@code image/png}
     * @param base64 the image
     */
    record ImageData(String mediaType, String base64, Optional<CacheMark> cache, String path)
        implements Part {}

    record ImageUrl(String url, Optional<CacheMark> cache, String path) implements Part {}

    /**
     * @param data base64, or an address where {@code isUrl}
     */
    record Document(
        String mediaType,
        String data,
        boolean isUrl,
        String name,
        Optional<CacheMark> cache,
        String path)
        implements Part {

      public Document marked(Optional<CacheMark> mark) {
        return new Document(mediaType, data, isUrl, name, mark, path);
      }
    }

    /**
     * @param format such as {@code wav}; empty where the client does not tell it
     */
    record Audio(String base64, String format, String path) implements Part {}

    /**
     * A call of an assistant's turn.
     *
     * @param arguments a JSON object as text; {@code {}} where there are none
     */
    record ToolCall(String id, String name, String arguments, String path) implements Part {}

    /** What a model thought; {@code signature} is empty where its maker gave none. */
    record Thought(String text, String signature, Dialect madeBy) implements Part {}

    /** Thoughts that only their maker can read. */
    record EncryptedThought(String content, String id, Dialect madeBy) implements Part {}

    record Refusal(String text) implements Part {}
  }

  /**
   * @param ttlSeconds 300 or 3600
   */
  public record CacheMark(int ttlSeconds) {}

  /**
   * A function that the model may call.
   *
   * @param parameters a JSON schema; an empty object where the client gives none
   */
  public record Tool(
      String name, String description, JsonNode parameters, Optional<Boolean> strict) {}

  /** Which tool is to be called. */
  public sealed interface ToolChoice {

    /** Not stated: the provider's default. */
    record Unstated() implements ToolChoice {}

    record Auto() implements ToolChoice {}

    record None() implements ToolChoice {}

    /** Some tool. */
    record Any() implements ToolChoice {}

    record Named(String name) implements ToolChoice {}
  }

  /** What the answer's text has to be. */
  public sealed interface OutputFormat {

    record Text() implements OutputFormat {}

    record JsonObject() implements OutputFormat {}

    record JsonSchema(String name, String description, JsonNode schema, Optional<Boolean> strict)
        implements OutputFormat {}
  }

  /** Empty: not stated. */
  public record Sampling(
      OptionalDouble temperature,
      OptionalDouble topP,
      OptionalLong topK,
      OptionalLong seed,
      OptionalDouble presencePenalty,
      OptionalDouble frequencyPenalty) {

    /** With nothing but the seed, which a model without sampling takes no less. */
    Sampling withoutChoice() {
      return new Sampling(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalLong.empty(),
          seed,
          OptionalDouble.empty(),
          OptionalDouble.empty());
    }

    /**
     * Every dialect's names of what is not as models have it by themselves (temperature and top p
     * 1, penalties 0), sorted.
     */
    List<String> unusual() {
      List<String> names = new ArrayList<>();
      if (frequencyPenalty.orElse(0) != 0) {
        names.add("frequency_penalty");
      }
      if (presencePenalty.orElse(0) != 0) {
        names.add("presence_penalty");
      }
      if (temperature.orElse(1) != 1) {
        names.add("temperature");
      }
      if (topK.isPresent()) {
        names.add("top_k");
      }
      if (topP.orElse(1) != 1) {
        names.add("top_p");
      }
      return names;
    }

    /** Without a temperature above what a dialect takes: none is ever rescaled. */
    public Sampling withTemperatureUpTo(double most) {
      return temperature.isEmpty() || temperature.getAsDouble() <= most
          ? this
          : new Sampling(
              OptionalDouble.empty(), topP, topK, seed, presencePenalty, frequencyPenalty);
    }
  }

  /** How much a model is to think. */
  public sealed interface Reasoning {

    record Unstated() implements Reasoning {}

    record Off() implements Reasoning {}

    record Effort(Level level) implements Reasoning {}

    record Budget(long tokens) implements Reasoning {

      /** The effort whose usual budget is nearest, for dialects that know no budget. */
      public Level level() {
        return Stream.of(Level.LOW, Level.MEDIUM, Level.HIGH, Level.XHIGH)
            .min(Comparator.comparingLong(level -> Math.abs(level.usualTokens() - tokens)))
            .orElseThrow();
      }
    }

    /** As much as the model finds right. */
    record Adaptive() implements Reasoning {}

    /** Words for it; how many tokens they stand for is ours, no provider says. */
    enum Level {
      MINIMAL(1_024),
      LOW(1_024),
      MEDIUM(8_192),
      HIGH(24_576),
      XHIGH(32_768),
      MAX(32_768);

      private final long usualTokens;

      Level(long usualTokens) {
        this.usualTokens = usualTokens;
      }

      /** The budget of thinking tokens for models that are told no word. */
      public long usualTokens() {
        return usualTokens;
      }
    }
  }

  @Override
  public String toString() {
    return "ModelRequest[" + model + ", " + turns.size() + " turns]";
  }
}
