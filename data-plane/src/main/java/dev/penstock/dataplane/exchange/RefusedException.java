package dev.penstock.dataplane.exchange;

import java.io.Serial;

/** A refusal on its way to the pipeline's end; it has no stack trace, as it is no fault. */
public final class RefusedException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  RefusedException(Refusal refusal) {
    super(refusal.code().text(), null, false, false);
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }
}
