package dev.penstock.controlplane.problem;

import java.util.List;
import java.util.Objects;

/** The body of an RFC 9457 answer. */
public record Problem(String type, String title, int status, String detail, List<Finding> errors) {

  /** The media type of a problem. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final String NO_TYPE = "about:blank";
  private static final int MAX_ERRORS = 50;

  public Problem {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(detail, "detail");
    errors = errors.stream().limit(MAX_ERRORS).toList();
  }

  /** A problem without fields. */
  public static Problem of(int status, String title, String detail) {
    return new Problem(NO_TYPE, title, status, detail, List.of());
  }

  /** A problem whose detail counts and names its findings. */
  public static Problem of(int status, String title, List<Finding> findings) {
    Finding first = findings.getFirst();
    String more = findings.size() == 1 ? "" : " (and " + (findings.size() - 1) + " more)";
    return new Problem(
        NO_TYPE, title, status, first.field() + ": " + first.detail() + more, findings);
  }
}
