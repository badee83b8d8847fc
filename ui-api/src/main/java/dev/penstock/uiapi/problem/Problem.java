package dev.penstock.uiapi.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of an RFC 9457 answer.
 *
 * @param signIn that signing in would help, and how; null: it would not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    List<Finding> errors,
    @Nullable SignIn signIn) {

  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String NO_TYPE = "about:blank";

  /** What is wrong with one field. */
  public record Finding(String field, String detail) {}

  /**
   * How to sign in.
   *
   * @param acr the level that is asked for; empty: any
   * @param maxAge how many seconds ago at most; empty: whenever
   */
  public record SignIn(String acr, String maxAge) {}

  public Problem {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(detail, "detail");
    errors = List.copyOf(errors);
  }

  public static Problem of(int status, String title, String detail) {
    return new Problem(NO_TYPE, title, status, detail, List.of(), null);
  }

  /** Of one field or parameter. */
  public static Problem of(int status, String title, Finding finding) {
    String detail = finding.field() + ": " + finding.detail();
    return new Problem(NO_TYPE, title, status, detail, List.of(finding), null);
  }

  /** Nobody is signed in, or no longer. */
  public static Problem notSignedIn() {
    return stepUp("", "");
  }

  /** Somebody is, but this needs a stronger or fresher proof of it (RFC 9470). */
  public static Problem stepUp(String acr, String maxAge) {
    String detail = acr.isEmpty() ? "sign in to see this" : "sign in once more to do this";
    return new Problem(
        NO_TYPE, "Sign-in required", 401, detail, List.of(), new SignIn(acr, maxAge));
  }

  public Response response() {
    return Response.status(status).type(MEDIA_TYPE).entity(this).build();
  }
}
