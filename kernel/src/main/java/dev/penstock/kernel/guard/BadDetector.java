package dev.penstock.kernel.guard;

/** Why a detector cannot be run, in words for whoever wrote it; never quotes a term or pattern. */
public final class BadDetector extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;
  private final String field;

  BadDetector(String field, String detail) {
    super(detail);
    this.field = field;
  }

  /** The field of the detector's manifest, such as {@code terms[3]}. */
  public String field() {
    return field;
  }
}
