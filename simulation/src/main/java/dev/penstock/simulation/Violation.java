package dev.penstock.simulation;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Something that must never happen has happened; the run ends there. */
public final class Violation extends RuntimeException {

  @Serial private static final long serialVersionUID = 1;

  /** What holds whatever happens. */
  public enum Invariant {
    /** Rows are what their entries add up to. */
    ROWS_ARE_THEIR_ENTRIES,
    /** What is with nodes and closed as spent is within the limit. */
    GRANTED_WITHIN_LIMIT,
    /** A node uses and sets aside what was granted to it. */
    NODE_WITHIN_GRANT,
    /** True spend is within the limit and what requests cost beyond their worst case. */
    SPEND_WITHIN_LIMIT,
    /** Every record is booked once. */
    RECORDS_ONCE,
    /** What is booked is what the records cost, and what was presumed. */
    BOOKED_AS_RECORDED,
    /** Totals never decrease. */
    TOTALS_GROW,
    /** Nothing is granted on a lease that is closed, another's, or a replaced process's. */
    GRANTS_TO_OWNERS,
    /** Once all is quiet nothing is left in quarantine or on leases that nobody has. */
    ALL_COMES_HOME,
    /** What the window has is not refused. */
    NO_FALSE_REFUSAL,
    /** A message that comes again changes nothing. */
    REPEATS_CHANGE_NOTHING
  }

  private final Invariant invariant;

  Violation(Invariant invariant, String detail) {
    this(invariant, detail, null);
  }

  Violation(Invariant invariant, String detail, @Nullable Throwable cause) {
    super(invariant + ": " + detail, cause);
    this.invariant = invariant;
  }

  public Invariant invariant() {
    return invariant;
  }
}
