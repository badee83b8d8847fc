package dev.penstock.dataplane.budget;

import java.io.Serial;

/** More was asked for a hold that has ended meanwhile. An answer that nobody waits for any more. */
final class HoldEnded extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  HoldEnded() {
    super("the hold has ended", null, false, false);
  }
}
