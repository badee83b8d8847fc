package dev.penstock.dataplane.exchange;

import dev.penstock.dataplane.journal.ExchangeRecord.Outcome;

/** How an exchange that a provider had begun to answer ended; also a metric label. */
public enum EndCause {
  COMPLETED(Outcome.SERVED),
  CLIENT_GONE(Outcome.CANCELLED),
  CLIENT_STALLED(Outcome.CANCELLED),
  KEY_REVOKED(Outcome.CANCELLED),
  BUDGET_EXHAUSTED(Outcome.CANCELLED),
  GUARD_BLOCKED(Outcome.DENIED),
  PROVIDER_REFUSED(Outcome.FAILED),
  PROVIDER_ERROR(Outcome.FAILED),
  PROVIDER_CUT(Outcome.FAILED),
  PROVIDER_SILENT(Outcome.FAILED),
  TOO_LONG(Outcome.FAILED),
  DRAINED(Outcome.FAILED),
  FAULT(Outcome.FAILED);

  private final Outcome outcome;

  EndCause(Outcome outcome) {
    this.outcome = outcome;
  }

  public Outcome outcome() {
    return outcome;
  }
}
