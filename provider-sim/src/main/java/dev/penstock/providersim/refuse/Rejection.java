package dev.penstock.providersim.refuse;

import dev.penstock.providersim.refuse.Complaint.Kind;
import org.jspecify.annotations.Nullable;

/** The provider says no to a request; carried as an exception from any check to the edge. */
public final class Rejection extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Complaint complaint;

  private Rejection(Complaint complaint) {
    super(String.valueOf(complaint.said()), null, false, false);
    this.complaint = complaint;
  }

  /** A sentence of the provider's own. */
  public static Rejection of(
      int status, String message, @Nullable String param, @Nullable String code) {
    return new Rejection(new Complaint(status, Kind.SENTENCE, message, param, null, code));
  }

  public static Rejection badRequest(
      String message, @Nullable String param, @Nullable String code) {
    return of(400, message, param, code);
  }

  /** As {@link #badRequest}, with an error type that is not the usual one. */
  public static Rejection typed(int status, String message, String type, @Nullable String code) {
    return new Rejection(new Complaint(status, Kind.SENTENCE, message, null, type, code));
  }

  static Rejection field(Kind kind, String param, String expected, String code) {
    return new Rejection(new Complaint(400, kind, expected, param, null, code));
  }

  static Rejection leaked(String header) {
    return badRequest(
        "Header `" + header + "` must not reach a provider.", "headers." + header, "leaked_header");
  }

  public static Rejection invalidKey(String message) {
    return of(401, message, null, "invalid_api_key");
  }

  public static Rejection unknownPath(String method, String path) {
    return of(404, "Invalid URL (" + method + " " + path + ")", null, "unknown_url");
  }

  public static Rejection unknownModel(String model) {
    return of(
        404,
        "The model `" + model + "` does not exist or you do not have access to it.",
        "model",
        "model_not_found");
  }

  /** The provider knows the field, and this model does not. */
  public static Rejection unsupported(String param) {
    return badRequest(
        "Unsupported parameter: '" + param + "' is not supported with this model.",
        param,
        "unsupported_parameter");
  }

  public static Rejection wrongMethod(String method, String path) {
    return of(405, "Not allowed to " + method + " on " + path + ".", null, "method_not_supported");
  }

  public static Rejection tooLarge(long limit) {
    return of(413, "Request body is larger than " + limit + " bytes.", null, "request_too_large");
  }

  /** An answer of this size is only played as a stream. */
  public static Rejection answerTooLarge(long limit) {
    return badRequest(
        "The simulator answers at most " + limit + " bytes of text unless `stream` is true.",
        "stream",
        "answer_too_large");
  }

  public Complaint complaint() {
    return complaint;
  }

  /** For the invoice: the code if there is one, else the sentence. */
  public String reason() {
    String code = complaint.code();
    return code == null ? String.valueOf(complaint.said()) : code;
  }
}
