package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.kernel.money.Tokens;
import java.io.IOException;
import java.util.Optional;

/** Reads the {@code usage} object of a chat completion. */
public final class ChatUsage {

  /** No model answers with more; a count beyond it is a fault of the provider's. */
  private static final long MAX_TOKENS = 100_000_000;

  private static final JsonFactory JSON = new JsonFactory();

  private ChatUsage() {}

  /**
   * The provider's count, or empty if it cannot be believed: not an object, not numbers, negative,
   * absurdly large, or with parts larger than their whole.
   */
  public static Optional<Tokens> read(byte[] bytes, int from, int to) {
    try (JsonParser json = JSON.createParser(bytes, from, to - from)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      long input = -1;
      long output = -1;
      long cacheRead = 0;
      long cacheWrite = 0;
      long reasoning = 0;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "prompt_tokens" -> input = count(json);
          case "completion_tokens" -> output = count(json);
          case "prompt_tokens_details" -> {
            while (json.currentToken() != JsonToken.VALUE_NULL
                && json.nextToken() == JsonToken.FIELD_NAME) {
              String detail = json.currentName();
              json.nextToken();
              switch (detail) {
                case "cached_tokens" -> cacheRead = count(json);
                case "cache_write_tokens" -> cacheWrite = count(json);
                default -> json.skipChildren();
              }
            }
          }
          case "completion_tokens_details" -> {
            while (json.currentToken() != JsonToken.VALUE_NULL
                && json.nextToken() == JsonToken.FIELD_NAME) {
              String detail = json.currentName();
              json.nextToken();
              if ("reasoning_tokens".equals(detail)) {
                reasoning = count(json);
              } else {
                json.skipChildren();
              }
            }
          }
          default -> json.skipChildren();
        }
      }
      return Optional.of(new Tokens(input, cacheRead, cacheWrite, output, reasoning));
    } catch (IOException | IllegalArgumentException unbelievable) {
      return Optional.empty();
    }
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
}
