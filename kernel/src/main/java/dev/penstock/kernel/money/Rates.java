package dev.penstock.kernel.money;

import java.util.Objects;
import java.util.Optional;

/**
 * Prices of a call's tokens by their kind. A kind without a price of its own is charged with the
 * whole that it is a part of: everything read, written or heard as input, everything thought or
 * spoken as output; a cache that is written for an hour costs what one for five minutes does.
 */
public record Rates(
    TokenPrice input,
    Optional<TokenPrice> cacheRead,
    Optional<TokenPrice> cacheWrite5m,
    Optional<TokenPrice> cacheWrite1h,
    Optional<TokenPrice> audioInput,
    TokenPrice output,
    Optional<TokenPrice> reasoning,
    Optional<TokenPrice> audioOutput) {

  /** Line items beyond one for the input and one for the output: each may round up once more. */
  private static final long FURTHER_ITEMS = 6;

  public Rates {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(output, "output");
  }

  /** Prices that make no difference between kinds of input, or of output. */
  public static Rates of(TokenPrice input, TokenPrice output) {
    return new Rates(
        input,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        output,
        Optional.empty(),
        Optional.empty());
  }

  /** All of them at so many thousandths. */
  Rates times(long thousandths) {
    if (thousandths == ServiceTiers.USUAL) {
      return this;
    }
    return new Rates(
        input.times(thousandths),
        cacheRead.map(price -> price.times(thousandths)),
        cacheWrite5m.map(price -> price.times(thousandths)),
        cacheWrite1h.map(price -> price.times(thousandths)),
        audioInput.map(price -> price.times(thousandths)),
        output.times(thousandths),
        reasoning.map(price -> price.times(thousandths)),
        audioOutput.map(price -> price.times(thousandths)));
  }

  /** What so many tokens cost: a line item for each kind that has a price, each rounded up once. */
  NanoUsd of(Tokens tokens) {
    Bill in = new Bill(tokens.input());
    in.item(tokens.cacheRead(), cacheRead);
    in.item(tokens.cacheWrite5m(), cacheWrite5m);
    in.item(tokens.cacheWrite1h(), cacheWrite1h.or(() -> cacheWrite5m));
    in.item(tokens.audioInput(), audioInput);
    Bill out = new Bill(tokens.output());
    out.item(tokens.reasoning(), reasoning);
    out.item(tokens.audioOutput(), audioOutput);
    return in.rest(input).plus(out.rest(output));
  }

  /** The most that so many tokens can cost, whatever kinds they are of. */
  NanoUsd worstCase(long inputTokens, long outputTokens) {
    TokenPrice in =
        dearer(cacheRead, dearer(cacheWrite5m, dearer(cacheWrite1h, dearer(audioInput, input))));
    TokenPrice out = dearer(reasoning, dearer(audioOutput, output));
    return in.of(inputTokens).plus(out.of(outputTokens)).plus(new NanoUsd(FURTHER_ITEMS));
  }

  private static TokenPrice dearer(Optional<TokenPrice> part, TokenPrice other) {
    return part.filter(price -> price.nanoUsdPerMillion() > other.nanoUsdPerMillion())
        .orElse(other);
  }

  /** Takes parts out of a whole as they are charged. */
  private static final class Bill {

    private long left;
    private NanoUsd sum = NanoUsd.ZERO;

    Bill(long whole) {
      left = whole;
    }

    void item(long tokens, Optional<TokenPrice> price) {
      if (price.isPresent()) {
        sum = sum.plus(price.get().of(tokens));
        left -= tokens;
      }
    }

    NanoUsd rest(TokenPrice price) {
      return sum.plus(price.of(left));
    }
  }
}
