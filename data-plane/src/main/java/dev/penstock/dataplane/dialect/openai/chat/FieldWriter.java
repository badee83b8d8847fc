package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning.Level;
import dev.penstock.dataplane.dialect.ModelRequest.Sampling;
import dev.penstock.dataplane.dialect.Target;
import dev.penstock.dataplane.dialect.Target.Trait;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Writes what OpenAI's and Mistral's requests say in the same words, beside messages and tools. */
public final class FieldWriter {

  /**
   * A budget of thinking is the effort whose usual budget is the nearest: 1, 8, 24, 32 thousand.
   */
  private static final long LOW_UP_TO = 4_608;

  private static final long MEDIUM_UP_TO = 16_384;
  private static final long HIGH_UP_TO = 28_672;

  private final JsonGenerator json;

  /**
   * @param json stands inside an object
   */
  public FieldWriter(JsonGenerator json) {
    this.json = json;
  }

  /**
   * @param seedField what the dialect calls its seed
   * @throws RefusedException with {@code unsupported_field} where the model takes no sampling but
   *     the usual
   */
  public void sampling(Sampling sampling, String seedField, Target target) throws IOException {
    boolean fixed = target.traits().contains(Trait.NO_SAMPLING);
    number("temperature", usual(fixed, sampling.temperature(), 1, "temperature"));
    number("top_p", usual(fixed, sampling.topP(), 1, "top_p"));
    number("presence_penalty", usual(fixed, sampling.presencePenalty(), 0, "presence_penalty"));
    number("frequency_penalty", usual(fixed, sampling.frequencyPenalty(), 0, "frequency_penalty"));
    whole(seedField, sampling.seed());
  }

  private static OptionalDouble usual(
      boolean fixed, OptionalDouble value, double usual, String field) {
    if (!fixed || value.isEmpty()) {
      return value;
    }
    if (value.getAsDouble() != usual) {
      throw unsupported(
          field, "The model takes no %s but %s; leave the field out.".formatted(field, usual));
    }
    return OptionalDouble.empty();
  }

  private void number(String name, OptionalDouble value) throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsDouble());
    }
  }

  public void whole(String name, OptionalLong value) throws IOException {
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsLong());
    }
  }

  public void text(String name, Optional<String> value) throws IOException {
    if (value.isPresent()) {
      json.writeStringField(name, value.get());
    }
  }

  public void stop(List<String> stop) throws IOException {
    if (stop.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("stop");
    for (String sequence : stop) {
      json.writeString(sequence);
    }
    json.writeEndArray();
  }

  public void metadata(ModelRequest request) throws IOException {
    if (request.metadata().isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("metadata");
    for (Map.Entry<String, String> pair :
        request.metadata().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
      json.writeStringField(pair.getKey(), pair.getValue());
    }
    json.writeEndObject();
  }

  public void reasoning(Reasoning reasoning) throws IOException {
    text("reasoning_effort", effort(reasoning));
  }

  /** Adaptive thinking is what a model does that is told no effort. */
  private static Optional<String> effort(Reasoning reasoning) {
    return switch (reasoning) {
      case Reasoning.Unstated _, Reasoning.Adaptive _ -> Optional.empty();
      case Reasoning.Off _ -> Optional.of("none");
      case Reasoning.Effort effort -> Optional.of(word(effort.level()));
      case Reasoning.Budget budget -> Optional.of(word(nearest(budget.tokens())));
    };
  }

  private static Level nearest(long tokens) {
    if (tokens <= LOW_UP_TO) {
      return Level.LOW;
    }
    if (tokens <= MEDIUM_UP_TO) {
      return Level.MEDIUM;
    }
    return tokens <= HIGH_UP_TO ? Level.HIGH : Level.XHIGH;
  }

  private static String word(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  /** A value that has no counterpart at this provider. */
  public static RefusedException unsupported(String path, String message) {
    return Refusal.ofField(Code.UNSUPPORTED_FIELD, path, message).toException();
  }
}
