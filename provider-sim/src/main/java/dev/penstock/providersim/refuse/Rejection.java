package dev.penstock.providersim.refuse;

import dev.penstock.providersim.chat.ErrorShape;
import org.jspecify.annotations.Nullable;

/** The provider says no to a request; carried as an exception from any check to the edge. */
public final class Rejection extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient ErrorShape error;

  private Rejection(int status, ErrorShape error) {
    super(error.message(), null, false, false);
    this.status = status;
    this.error = error;
  }

  static Rejection badRequest(String message, @Nullable String param, @Nullable String code) {
    return new Rejection(400, new ErrorShape(message, "invalid_request_error", param, code));
  }

  static Rejection leaked(String header) {
    return badRequest(
        "Header `" + header + "` must not reach a provider.", "headers." + header, "leaked_header");
  }

  public static Rejection invalidKey(String message) {
    return new Rejection(
        401, new ErrorShape(message, "invalid_request_error", null, "invalid_api_key"));
  }

  public static Rejection unknownPath(String method, String path) {
    return new Rejection(
        404,
        new ErrorShape(
            "Invalid URL (" + method + " " + path + ")",
            "invalid_request_error",
            null,
            "unknown_url"));
  }

  public static Rejection unknownModel(String model) {
    return new Rejection(
        404,
        new ErrorShape(
            "The model `" + model + "` does not exist or you do not have access to it.",
            "invalid_request_error",
            "model",
            "model_not_found"));
  }

  public static Rejection wrongMethod(String method, String path) {
    return new Rejection(
        405,
        new ErrorShape(
            "Not allowed to " + method + " on " + path + ".",
            "invalid_request_error",
            null,
            "method_not_supported"));
  }

  public static Rejection tooLarge(long limit) {
    return new Rejection(
        413,
        new ErrorShape(
            "Request body is larger than " + limit + " bytes.",
            "invalid_request_error",
            null,
            "request_too_large"));
  }

  /** An answer of this size is only played as a stream. */
  public static Rejection answerTooLarge(long limit) {
    return badRequest(
        "The simulator answers at most " + limit + " bytes of text unless `stream` is true.",
        "stream",
        "answer_too_large");
  }

  public int status() {
    return status;
  }

  public ErrorShape error() {
    return error;
  }

  /** For the invoice: the code if there is one, else the sentence. */
  public String reason() {
    String code = error.code();
    return code == null ? error.message() : code;
  }
}
