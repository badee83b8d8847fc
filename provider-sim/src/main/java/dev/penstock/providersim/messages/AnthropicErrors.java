package dev.penstock.providersim.messages;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.refuse.Complaint;
import java.util.Optional;

/** Anthropic's error, the same in an answer and in a stream. */
final class AnthropicErrors {
  private AnthropicErrors() {}

  static ObjectNode body(Complaint complaint, String requestId) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("type", "error");
    body.putObject("error")
        .put("type", Optional.ofNullable(complaint.type()).orElseGet(() -> type(complaint)))
        .put("message", message(complaint));
    return body.put("request_id", requestId);
  }

  private static String type(Complaint complaint) {
    return switch (complaint.status()) {
      case 401 -> "authentication_error";
      case 402 -> "billing_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 409 -> "conflict_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 504 -> "timeout_error";
      case 529 -> "overloaded_error";
      default -> complaint.status() < 500 ? "invalid_request_error" : "api_error";
    };
  }

  private static String message(Complaint complaint) {
    String place = place(complaint);
    return switch (complaint.kind()) {
      case UNKNOWN_FIELD -> place + ": Extra inputs are not permitted";
      case MISSING_FIELD -> place + ": Field required";
      case WRONG_TYPE, WRONG_VALUE -> place + ": Input should be " + complaint.said();
      case SENTENCE -> sentence(complaint, place);
    };
  }

  private static String sentence(Complaint complaint, String place) {
    String said = complaint.said();
    if ("model_not_found".equals(complaint.code())) {
      return "model: the model of that name does not exist or you do not have access to it";
    }
    if ("invalid_api_key".equals(complaint.code())) {
      return "invalid x-api-key";
    }
    if (said == null) {
      return usual(complaint.status());
    }
    return place.isEmpty() ? said : place + ": " + said;
  }

  private static String usual(int status) {
    return switch (status) {
      case 429 -> "This request would exceed your organization's rate limit.";
      case 529 -> "Overloaded";
      default -> status < 500 ? "Simulated status " + status + "." : "Internal server error";
    };
  }

  /** Indexes stand between dots here: {@code messages.0.content}. */
  private static String place(Complaint complaint) {
    String param = complaint.param();
    return param == null ? "" : param.replaceAll("\\[(\\d+)]", ".$1");
  }
}
