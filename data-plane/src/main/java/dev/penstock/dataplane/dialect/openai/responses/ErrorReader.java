package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonParser;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ProviderError;
import dev.penstock.dataplane.dialect.openai.responses.Wire.Span;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads what a provider found fault with, wherever it says so: in place of an answer, in an event
 * of its own (flat as documented, or with the fault in {@code error} as it really comes), or in a
 * response that failed.
 */
final class ErrorReader {

  /** A longer message is cut: it is for a person to read. */
  private static final int MAX_MESSAGE = 2_000;

  /** The type of the event, and no kind of error. */
  private static final String EVENT = "error";

  private static final int MAX_WORD = 128;
  private static final int UNSTATED = 0;

  private String message = "";
  private String type = "";
  private String code = "";
  private String param = "";
  private int status = UNSTATED;

  private ErrorReader() {}

  /** An answer with a status other than 200. */
  static ProviderError body(int status, byte[] body) {
    ErrorReader error = new ErrorReader();
    try {
      error.read(new Span(body, 0, body.length));
    } catch (MalformedAnswer notTold) {
      // Some answers come from a proxy in front of the provider; their status says enough.
    }
    error.status = status;
    return error.found();
  }

  /** The event {@code error}. */
  static ProviderError event(Span data) throws MalformedAnswer {
    ErrorReader error = new ErrorReader();
    error.read(data);
    return error.found();
  }

  /** The error of a response with the status {@code failed}. */
  static ProviderError failed(Span object) throws MalformedAnswer {
    return event(object);
  }

  private void read(Span object) throws MalformedAnswer {
    if (!object.isEmpty()) {
      Wire.object(object, this::member);
    }
  }

  private void member(String name, JsonParser json) throws IOException {
    switch (name) {
      case "error" -> Wire.members(json, this::member);
      case "message" -> message = or(message, Wire.text(json));
      case "type" -> type = or(type, Wire.text(json));
      case "param" -> param = or(param, Wire.text(json));
      case "status" -> status = (int) Wire.number(json);
      case "code" ->
          code = or(code, json.currentToken().isNumeric() ? json.getText() : Wire.text(json));
      default -> json.skipChildren();
    }
  }

  /** The flat form repeats the nested one, or says nothing beside it. */
  private static String or(String before, String now) {
    return before.isEmpty() && !now.equals(EVENT) ? now : before;
  }

  private ProviderError found() {
    String word = code.isEmpty() ? type : code;
    int says = status >= 400 && status <= 599 ? status : statusOf(word, type);
    String told =
        message.isBlank() ? "The provider reported an error and gave no reason." : message;
    return new ProviderError(
        says,
        told.length() > MAX_MESSAGE ? told.substring(0, MAX_MESSAGE) : told,
        word.length() > MAX_WORD ? word.substring(0, MAX_WORD) : word,
        param.isEmpty() ? Optional.empty() : Optional.of(param));
  }

  /** In mid-stream no status comes along, so the words have to say it. */
  private static int statusOf(String code, String type) {
    return switch (code) {
      case "rate_limit_exceeded", "insufficient_quota" -> 429;
      case "server_is_overloaded", "slow_down", "overloaded_error" -> 503;
      case "vector_store_timeout" -> 504;
      case "invalid_prompt", "context_length_exceeded", "content_filter" -> 400;
      default -> type.equals("invalid_request_error") || code.contains("image") ? 400 : 500;
    };
  }
}
