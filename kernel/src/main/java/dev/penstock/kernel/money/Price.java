package dev.penstock.kernel.money;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A price version of a model or deployment, valid from an instant until the next one's.
 *
 * @param cacheRead price of input tokens read from the provider's cache; equal to {@code input}
 *     where the provider states none
 */
public record Price(Instant validFrom, TokenPrice input, TokenPrice cacheRead, TokenPrice output) {

  public Price {
    Objects.requireNonNull(validFrom, "validFrom");
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(cacheRead, "cacheRead");
    Objects.requireNonNull(output, "output");
  }

  /** One price for every token, as an unknown price is charged. */
  public static Price flat(TokenPrice price) {
    return new Price(Instant.EPOCH, price, price, price);
  }

  /** The version that holds at an instant: the latest that is not after it. */
  public static Optional<Price> at(List<Price> versions, Instant instant) {
    Price found = null;
    for (Price version : versions) {
      if (!version.validFrom.isAfter(instant)
          && (found == null || !version.validFrom.isBefore(found.validFrom))) {
        found = version;
      }
    }
    return Optional.ofNullable(found);
  }

  /** What a call costs: three line items, each rounded up once. */
  public NanoUsd of(Tokens tokens) {
    return input
        .of(tokens.input() - tokens.cacheRead())
        .plus(cacheRead.of(tokens.cacheRead()))
        .plus(output.of(tokens.output()));
  }

  /** The most that a call with so much input and output can cost, whatever was cached. */
  public NanoUsd worstCase(long inputTokens, long outputTokens) {
    TokenPrice dearer =
        input.nanoUsdPerMillion() >= cacheRead.nanoUsdPerMillion() ? input : cacheRead;
    // One nano-USD more than a single line item, as input may be billed as two.
    return dearer.of(inputTokens).plus(output.of(outputTokens)).plus(new NanoUsd(1));
  }
}
