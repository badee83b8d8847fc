package dev.penstock.controlplane.problem;

import java.util.List;

/** Ends a request with a problem, and its transaction with a rollback. */
public final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;
  private static final int UNPROCESSABLE = 422;
  private static final int PRECONDITION_REQUIRED = 428;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    super(problem.detail(), null, false, false); // an answer, not a fault: nobody reads its stack
    this.problem = problem;
  }

  /** The request itself makes no sense, whatever is stored. */
  public static ProblemException badRequest(String field, String detail) {
    return new ProblemException(
        Problem.of(BAD_REQUEST, "Bad request", List.of(new Finding(field, detail))));
  }

  public static ProblemException notFound(String detail) {
    return new ProblemException(Problem.of(NOT_FOUND, "Not found", detail));
  }

  public static ProblemException conflict(List<Finding> findings) {
    return new ProblemException(Problem.of(CONFLICT, "Conflict", findings));
  }

  /** What the caller has seen is no longer what is there. */
  public static ProblemException preconditionFailed(String field, String detail) {
    return new ProblemException(
        Problem.of(
            PRECONDITION_FAILED, "Precondition failed", List.of(new Finding(field, detail))));
  }

  /** The caller must say what it has seen. */
  public static ProblemException preconditionRequired(String field, String detail) {
    return new ProblemException(
        Problem.of(
            PRECONDITION_REQUIRED, "Precondition required", List.of(new Finding(field, detail))));
  }

  /** The request can be read but not be carried out. */
  public static ProblemException refused(List<Finding> findings) {
    return new ProblemException(Problem.of(UNPROCESSABLE, "Refused", findings));
  }

  public Problem problem() {
    return problem;
  }
}
