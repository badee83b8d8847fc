package dev.penstock.providersim.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.refuse.Complaint;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one error that OpenAI has, and what it says for each status (November 2026). */
public final class OpenAiErrors {
  private OpenAiErrors() {}

  /** What OpenAI says where the request is not at fault in particular. */
  private record Usual(String message, String type, @Nullable String code) {}

  /** {@code {"error": {message, type, param, code}}}. */
  public static ObjectNode body(Complaint complaint) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("error", error(complaint));
    return body;
  }

  public static ObjectNode error(Complaint complaint) {
    Usual usual = usual(complaint.status());
    return JsonNodeFactory.instance
        .objectNode()
        .put("message", message(complaint))
        .put("type", Optional.ofNullable(complaint.type()).orElse(usual.type()))
        .put("param", complaint.param())
        .put("code", complaint.said() == null ? code(complaint, usual) : complaint.code());
  }

  private static @Nullable String code(Complaint complaint, Usual usual) {
    String own = complaint.code();
    return own == null ? usual.code() : own;
  }

  /** The sentence for the kind of complaint. */
  public static String message(Complaint complaint) {
    return switch (complaint.kind()) {
      case UNKNOWN_FIELD -> "Unrecognized request argument supplied: " + complaint.param();
      case MISSING_FIELD -> "Missing required parameter: '" + complaint.param() + "'.";
      case WRONG_TYPE ->
          "Invalid type for '%s': expected %s.".formatted(complaint.param(), complaint.said());
      case WRONG_VALUE ->
          "Invalid value for '%s': expected %s.".formatted(complaint.param(), complaint.said());
      case SENTENCE ->
          Optional.ofNullable(complaint.said())
              .orElseGet(() -> usual(complaint.status()).message());
    };
  }

  private static Usual usual(int status) {
    return switch (status) {
      case 401 ->
          new Usual("Incorrect API key provided.", "invalid_request_error", "invalid_api_key");
      case 403 ->
          new Usual(
              "Country, region, or territory not supported",
              "request_forbidden",
              "unsupported_country_region_territory");
      case 404 ->
          new Usual(
              "The model does not exist or you do not have access to it.",
              "invalid_request_error",
              "model_not_found");
      case 429 ->
          new Usual("Rate limit reached for requests.", "rate_limit_error", "rate_limit_exceeded");
      case 503 ->
          new Usual(
              "The engine is currently overloaded, please try again later.",
              "service_unavailable_error",
              "server_is_overloaded");
      default ->
          status < 500
              ? new Usual("Simulated status " + status + ".", "invalid_request_error", null)
              : new Usual(
                  "The server had an error while processing your request.", "server_error", null);
    };
  }
}
