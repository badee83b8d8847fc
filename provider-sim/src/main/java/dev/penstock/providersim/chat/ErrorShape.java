package dev.penstock.providersim.chat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The one error body OpenAI has, and what it says for each status. */
public record ErrorShape(
    String message, String type, @Nullable String param, @Nullable String code) {

  /** What OpenAI sends with this status when it is not the request's fault in particular. */
  public static ErrorShape ofStatus(int status) {
    return switch (status) {
      case 401 ->
          new ErrorShape(
              "Incorrect API key provided.", "invalid_request_error", null, "invalid_api_key");
      case 403 ->
          new ErrorShape(
              "Country, region, or territory not supported",
              "request_forbidden",
              null,
              "unsupported_country_region_territory");
      case 404 ->
          new ErrorShape(
              "The model does not exist or you do not have access to it.",
              "invalid_request_error",
              null,
              "model_not_found");
      case 429 ->
          new ErrorShape(
              "Rate limit reached for requests.", "rate_limit_error", null, "rate_limit_exceeded");
      case 503 ->
          new ErrorShape(
              "The engine is currently overloaded, please try again later.",
              "service_unavailable_error",
              null,
              "server_is_overloaded");
      default ->
          status < 500
              ? new ErrorShape(
                  "Simulated status " + status + ".", "invalid_request_error", null, null)
              : new ErrorShape(
                  "The server had an error while processing your request.",
                  "server_error",
                  null,
                  null);
    };
  }

  /** The body. */
  public Buffer json() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.putObject("error")
        .put("message", message)
        .put("type", type)
        .put("param", param)
        .put("code", code);
    return Buffer.buffer(body.toString());
  }
}
