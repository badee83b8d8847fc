package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ProviderError;
import java.util.Optional;

/**
 * Reads a provider's errors.
 *
 * <p>Source: Anthropic API reference, "Errors".
 */
final class ProviderErrors {

  private static final int MAX_MESSAGE_LENGTH = 4096;
  private static final int MAX_CODE_LENGTH = 64;

  private ProviderErrors() {}

  /** An event of a stream that reports an error. */
  static ProviderError inStream(AnswerEvent event) {
    return found(status(event.errorType), event);
  }

  /**
   * @param body need not be JSON: what stands between a provider and us answers with HTML
   * @param event reads the body
   */
  static ProviderError inPlaceOfAnswer(int status, byte[] body, AnswerEvent event) {
    try {
      event.read(body, 0, body.length);
    } catch (MalformedAnswer unreadable) {
      event.errorType = "";
      event.errorMessage = "";
    }
    return found(status, event);
  }

  private static ProviderError found(int status, AnswerEvent event) {
    String message =
        event.errorMessage.isBlank()
            ? "The provider reported an error (status " + status + ") without saying more."
            : cut(event.errorMessage, MAX_MESSAGE_LENGTH);
    return new ProviderError(
        status, message, cut(event.errorType, MAX_CODE_LENGTH), Optional.empty());
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }

  private static int status(String type) {
    return switch (type) {
      case "invalid_request_error" -> 400;
      case "authentication_error" -> 401;
      case "billing_error" -> 402;
      case "permission_error" -> 403;
      case "not_found_error" -> 404;
      case "conflict_error" -> 409;
      case "request_too_large" -> 413;
      case "rate_limit_error" -> 429;
      case "timeout_error" -> 504;
      case "overloaded_error" -> 529;
      default -> 500;
    };
  }
}
