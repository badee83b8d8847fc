package dev.penstock.dataplane.exchange;

import java.io.Serial;

/** A refusal on its way to the pipeline's end; it has no stack trace, as it is no fault. */
public final class RefusedException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  /**
   * @param reason for the record: the code, and more where the code does not say all; what a client
   *     or a provider has said never stands in it
   */
  RefusedException(Refusal refusal, String reason) {
    super(reason, null, false, false);
    this.refusal = refusal;
  }

  /** As the decision in the record has it. */
  public String reason() {
    return String.valueOf(getMessage());
  }

  public Refusal refusal() {
    return refusal;
  }
}
