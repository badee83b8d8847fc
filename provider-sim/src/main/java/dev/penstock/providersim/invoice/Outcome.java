package dev.penstock.providersim.invoice;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a call ended, or that it has not. */
public enum Outcome {
  /** Still being answered, or stalled on purpose with the client still there. */
  OPEN,
  /** The script was played to its end. */
  COMPLETE,
  /** The client left first. */
  ABORTED,
  /** The script reset the connection. */
  RESET,
  /** The script closed the connection without ending the answer. */
  CLOSED,
  /** The script reported an error when part of the answer was out; that part is billed. */
  BROKEN,
  /** The script answered with an error status. */
  FAILED,
  /** The request was one that a real provider refuses. */
  REJECTED;

  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
