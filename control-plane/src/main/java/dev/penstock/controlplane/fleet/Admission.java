package dev.penstock.controlplane.fleet;

import java.util.Objects;
import java.util.Optional;

/** Whether a node that presented itself gets a session. */
sealed interface Admission {

  /**
   * It does.
   *
   * @param ackedSeq how far its spool is committed
   * @param nackedDigest the snapshot that this build of the node refused last, not to be sent again
   */
  record Admitted(long ackedSeq, Optional<byte[]> nackedDigest) implements Admission {
    public Admitted {
      Objects.requireNonNull(nackedDigest, "nackedDigest");
    }
  }

  /** It does not. */
  record Refused(EndCause cause) implements Admission {}
}
