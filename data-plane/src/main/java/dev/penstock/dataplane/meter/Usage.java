package dev.penstock.dataplane.meter;

import dev.penstock.dataplane.journal.ExchangeRecord.UsageSource;
import dev.penstock.kernel.money.Tokens;

/**
 * What one call used, and who says so.
 *
 * @param serviceTier in which it was served, by the provider's word; empty: nobody says
 */
public record Usage(Tokens tokens, UsageSource source, String serviceTier) {

  public static final Usage NONE = new Usage(Tokens.NONE, UsageSource.NONE, "");

  /** The same, served in a tier unless the provider says in which one it was. */
  public Usage askedIn(String asked) {
    return serviceTier.isEmpty() && !asked.isEmpty() ? new Usage(tokens, source, asked) : this;
  }
}
