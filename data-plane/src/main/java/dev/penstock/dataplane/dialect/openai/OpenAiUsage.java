package dev.penstock.dataplane.dialect.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.kernel.money.Tokens;
import java.io.IOException;
import java.util.Optional;

/**
 * The {@code usage} object of OpenAI's APIs. Chat Completions and Embeddings say {@code
 * prompt_tokens} and {@code completion_tokens} where Responses says {@code input_tokens} and {@code
 * output_tokens}; the details beside them are named likewise.
 */
public final class OpenAiUsage {

  /** No model answers with more; a count beyond it is a fault of the provider's. */
  private static final long MAX_TOKENS = 100_000_000;

  private static final long ABSENT = -1;

  private static final JsonFactory JSON = new JsonFactory();

  private long input = ABSENT;
  private long output = ABSENT;
  private long cacheRead;
  private long cacheWrite;
  private long reasoning;
  private long audioInput;
  private long audioOutput;

  private OpenAiUsage() {}

  /**
   * The provider's count, or empty if it cannot be believed: not an object, not numbers, negative,
   * absurdly large, or with parts larger than their whole.
   */
  public static Optional<Tokens> read(byte[] bytes, int from, int to) {
    return read(bytes, from, to, ABSENT);
  }

  /** The same of an answer that may have no output, such as an embedding. */
  public static Optional<Tokens> readOfInput(byte[] bytes, int from, int to) {
    return read(bytes, from, to, 0);
  }

  private static Optional<Tokens> read(byte[] bytes, int from, int to, long absentOutput) {
    OpenAiUsage usage = new OpenAiUsage();
    usage.output = absentOutput;
    try (JsonParser json = JSON.createParser(bytes, from, to - from)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        usage.member(field, json);
      }
      return Optional.of(usage.tokens());
    } catch (IOException | IllegalArgumentException unbelievable) {
      return Optional.empty();
    }
  }

  /** Audio that came from the cache is counted twice by OpenAI; here it counts as cached. */
  private Tokens tokens() {
    long uncached = Math.max(0, input - cacheRead - cacheWrite);
    long spoken = Math.max(0, output - reasoning);
    return new Tokens(
        input,
        cacheRead,
        cacheWrite,
        0,
        Math.min(audioInput, uncached),
        output,
        reasoning,
        Math.min(audioOutput, spoken));
  }

  private void member(String field, JsonParser json) throws IOException {
    switch (field) {
      case "prompt_tokens", "input_tokens" -> input = count(json);
      case "completion_tokens", "output_tokens" -> output = count(json);
      case "prompt_tokens_details", "input_tokens_details" -> audioInput = details(json);
      case "completion_tokens_details", "output_tokens_details" -> audioOutput = details(json);
      default -> json.skipChildren();
    }
  }

  /** Takes the details in; those of audio are named alike on both sides, and so are returned. */
  private long details(JsonParser json) throws IOException {
    long audio = 0;
    while (json.currentToken() != JsonToken.VALUE_NULL
        && json.nextToken() == JsonToken.FIELD_NAME) {
      String detail = json.currentName();
      json.nextToken();
      switch (detail) {
        case "cached_tokens" -> cacheRead = count(json);
        case "cache_write_tokens" -> cacheWrite = count(json);
        case "reasoning_tokens" -> reasoning = count(json);
        case "audio_tokens" -> audio = count(json);
        default -> json.skipChildren();
      }
    }
    return audio;
  }

  private static long count(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return 0;
    }
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new IllegalArgumentException("not a count");
    }
    long value = json.getLongValue();
    if (value < 0 || value > MAX_TOKENS) {
      throw new IllegalArgumentException("not a believable count");
    }
    return value;
  }

  /** Writes the member {@code usage} as Responses has it; its SDKs need every count of it. */
  public static void writeOfResponse(JsonGenerator json, Tokens tokens) throws IOException {
    json.writeObjectFieldStart("usage");
    json.writeNumberField("input_tokens", tokens.input());
    json.writeObjectFieldStart("input_tokens_details");
    json.writeNumberField("cached_tokens", tokens.cacheRead());
    json.writeNumberField("cache_write_tokens", tokens.cacheWrite());
    json.writeEndObject();
    json.writeNumberField("output_tokens", tokens.output());
    json.writeObjectFieldStart("output_tokens_details");
    json.writeNumberField("reasoning_tokens", tokens.reasoning());
    json.writeEndObject();
    json.writeNumberField("total_tokens", tokens.input() + tokens.output());
    json.writeEndObject();
  }
}
