package dev.penstock.dataplane.journal;

/**
 * How far the spool has been confirmed, and how far it may have been sent.
 *
 * <p>{@code sent} closes this race: 1. a record is sent and committed; 2. the power fails, or the
 * disk loses the record; 3. the restarted node gives the record's number to another exchange, which
 * the control plane takes for a repetition. So nothing is sent before the cursor says that it may
 * be, and numbering goes on after {@code sent} even where its records are gone.
 */
record Cursor(long acked, long sent) {

  static final Cursor START = new Cursor(0, 0);

  boolean isPossible() {
    return acked >= 0 && sent >= acked;
  }

  /** Neither number ever falls. */
  boolean isAfter(Cursor other) {
    return sent > other.sent || (sent == other.sent && acked > other.acked);
  }
}
