package dev.penstock.kernel.guard;

/** Why a detector cannot be run, in words for whoever wrote it; never quotes a term or pattern. */
public final class BadDetector extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;
  private final String field;
  private final String detail;

  BadDetector(String field, String detail) {
    super(detail);
    this.field = field;
    this.detail = detail;
  }

  /** The same, told of a guard whose detector it is. */
  BadDetector in(String detector) {
    return new BadDetector(detector + "." + field, detail);
  }

  /** The field of what was given to be compiled, such as {@code terms[3]}. */
  public String field() {
    return field;
  }
}
