package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.kernel.money.Tokens;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code usage} of an answer. What an event states replaces what one before it stated and is
 * never added to it; what it leaves out stays. Anthropic's {@code input_tokens} leaves out what was
 * read from the cache or written to it, {@link Tokens#input} counts all.
 */
final class UsageCount {

  /** No model answers with more; a count beyond it is a fault of the provider's. */
  private static final long MAX_TOKENS = 100_000_000;

  private static final long UNSTATED = -1;

  private long uncachedInput = UNSTATED;
  private long cacheRead;
  private long cacheWrite;
  private long cacheWrite1h;
  private long output;
  private long reasoning;
  private String serviceTier = "";
  private String speed = "";
  private boolean believable = true;

  /** What is known so far; null: nothing. */
  void start(@Nullable Tokens before) {
    believable = true;
    serviceTier = "";
    speed = "";
    uncachedInput =
        before == null ? UNSTATED : before.input() - before.cacheRead() - before.cacheWrite();
    cacheRead = before == null ? 0 : before.cacheRead();
    cacheWrite = before == null ? 0 : before.cacheWrite();
    cacheWrite1h = before == null ? 0 : before.cacheWrite1h();
    output = before == null ? 0 : before.output();
    reasoning = before == null ? 0 : before.reasoning();
  }

  /** Reads the value at which the parser stands. */
  void read(JsonParser json) throws IOException {
    believable &=
        json.currentToken() == JsonToken.START_OBJECT
            || json.currentToken() == JsonToken.VALUE_NULL;
    WireJson.members(json, this::readField);
  }

  private void readField(String field, JsonParser json) throws IOException {
    switch (field) {
      case "input_tokens" -> uncachedInput = count(json, uncachedInput);
      case "cache_read_input_tokens" -> cacheRead = count(json, cacheRead);
      case "cache_creation_input_tokens" -> cacheWrite = count(json, cacheWrite);
      case "output_tokens" -> output = count(json, output);
      case "service_tier" -> serviceTier = json.getValueAsString("");
      case "speed" -> speed = json.getValueAsString("");
      case "cache_creation", "output_tokens_details" -> WireJson.members(json, this::readDetail);
      default -> json.skipChildren();
    }
  }

  private void readDetail(String field, JsonParser json) throws IOException {
    switch (field) {
      case "ephemeral_1h_input_tokens" -> cacheWrite1h = count(json, cacheWrite1h);
      case "thinking_tokens" -> reasoning = count(json, reasoning);
      default -> json.skipChildren();
    }
  }

  private long count(JsonParser json, long before) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return before;
    }
    boolean whole =
        json.currentToken() == JsonToken.VALUE_NUMBER_INT
            && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    long value = whole ? json.getLongValue() : UNSTATED;
    json.skipChildren();
    if (value < 0 || value > MAX_TOKENS) {
      believable = false;
      return before;
    }
    return value;
  }

  /**
   * The tier in which the answer is served; empty where the event does not say. Anthropic tells its
   * fast mode apart from tiers, and charges it as one.
   */
  String serviceTier() {
    return MessagesRequest.FAST.equals(speed) ? speed : serviceTier;
  }

  /** The count so far; empty where there is none, or none that can be believed. */
  Optional<Tokens> tokens() {
    if (!believable || uncachedInput < 0 || reasoning > output || cacheWrite1h > cacheWrite) {
      return Optional.empty();
    }
    long input = uncachedInput + cacheRead + cacheWrite;
    return Optional.of(
        new Tokens(
            input, cacheRead, cacheWrite - cacheWrite1h, cacheWrite1h, 0, output, reasoning, 0));
  }

  /**
   * The count of the input alone: the first event of a stream states a few tokens of output that
   * are only a placeholder.
   */
  Optional<Tokens> inputTokens() {
    output = 0;
    reasoning = 0;
    return tokens();
  }
}
