package dev.penstock.dataplane.meter;

import dev.penstock.dataplane.journal.ExchangeRecord.UsageSource;
import dev.penstock.kernel.money.Tokens;

/** What one call used, and who says so. */
public record Usage(Tokens tokens, UsageSource source) {

  public static final Usage NONE = new Usage(Tokens.NONE, UsageSource.NONE);
}
