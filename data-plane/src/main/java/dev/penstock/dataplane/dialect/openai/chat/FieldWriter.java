package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning.Level;
import dev.penstock.dataplane.dialect.ModelRequest.Sampling;
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

  private final JsonGenerator json;

  /**
   * @param json stands inside an object
   */
  public FieldWriter(JsonGenerator json) {
    this.json = json;
  }

  /**
   * @param seedField what the dialect calls its seed
   */
  public void sampling(Sampling sampling, String seedField) throws IOException {
    number("temperature", sampling.temperature());
    number("top_p", sampling.topP());
    number("presence_penalty", sampling.presencePenalty());
    number("frequency_penalty", sampling.frequencyPenalty());
    whole(seedField, sampling.seed());
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

  public void metadata(Map<String, String> metadata) throws IOException {
    if (metadata.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("metadata");
    for (Map.Entry<String, String> pair :
        metadata.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
      json.writeStringField(pair.getKey(), pair.getValue());
    }
    json.writeEndObject();
  }

  /**
   * @param highest effort that the dialect has a word for
   */
  public void reasoning(Reasoning reasoning, Level highest) throws IOException {
    text("reasoning_effort", effort(reasoning, highest));
  }

  /** Adaptive thinking is what a model does that is told no effort. */
  private static Optional<String> effort(Reasoning reasoning, Level highest) {
    return switch (reasoning) {
      case Reasoning.Unstated _, Reasoning.Adaptive _ -> Optional.empty();
      case Reasoning.Off _ -> Optional.of("none");
      case Reasoning.Effort effort -> Optional.of(word(lower(effort.level(), highest)));
      case Reasoning.Budget budget -> Optional.of(word(lower(budget.level(), highest)));
    };
  }

  private static Level lower(Level one, Level other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static String word(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }

  /** A value that has no counterpart at this provider. */
  public static RefusedException unsupported(String path, String message) {
    return Refusal.ofField(Code.UNSUPPORTED_FIELD, path, message).toException();
  }
}
