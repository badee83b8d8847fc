package dev.penstock.kernel.money;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A price version of a model or deployment, valid from an instant until the next one's.
 *
 * @param tiers by the size of the prompt; the first is from 0 tokens on
 * @param serviceTiers multiples of all rates
 */
public record Price(Instant validFrom, List<Tier> tiers, ServiceTiers serviceTiers) {

  /**
   * Rates of a call whose prompt has at least so many tokens; they hold for all of its tokens, the
   * answer's too.
   */
  public record Tier(long fromInputTokens, Rates rates) {
    public Tier {
      Objects.requireNonNull(rates, "rates");
    }
  }

  public Price {
    Objects.requireNonNull(validFrom, "validFrom");
    Objects.requireNonNull(serviceTiers, "serviceTiers");
    tiers = tiers.stream().sorted(Comparator.comparingLong(Tier::fromInputTokens)).toList();
    if (tiers.isEmpty() || tiers.getFirst().fromInputTokens() != 0) {
      throw new IllegalArgumentException("tiers: the first has to be from 0 tokens on");
    }
    if (tiers.stream().mapToLong(Tier::fromInputTokens).distinct().count() != tiers.size()) {
      throw new IllegalArgumentException("tiers: two are from the same number of tokens on");
    }
  }

  /** The same in every service tier. */
  public Price(Instant validFrom, List<Tier> tiers) {
    this(validFrom, tiers, ServiceTiers.NONE);
  }

  /** One tier for prompts of any size. */
  public Price(Instant validFrom, Rates rates) {
    this(validFrom, List.of(new Tier(0, rates)));
  }

  /** One price for every token, as an unknown price is charged. */
  public static Price flat(TokenPrice price) {
    return new Price(Instant.EPOCH, Rates.of(price, price));
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

  /** The rates of a call whose prompt has so many tokens. */
  public Rates rates(long inputTokens) {
    Rates rates = tiers.getFirst().rates();
    for (Tier tier : tiers) {
      if (tier.fromInputTokens() <= inputTokens) {
        rates = tier.rates();
      }
    }
    return rates;
  }

  /**
   * What a call costs, by the tier that its prompt is in.
   *
   * @param serviceTier in which it was served; empty: the usual one
   */
  public NanoUsd of(Tokens tokens, String serviceTier) {
    return rates(tokens.input()).times(serviceTiers.of(serviceTier)).of(tokens);
  }

  /**
   * The most that a call with so much input and output can cost, whatever was cached.
   *
   * @param serviceTier that it asks for; empty: none
   */
  public NanoUsd worstCase(long inputTokens, long outputTokens, String serviceTier) {
    long multiple = serviceTiers.atMost(serviceTier);
    NanoUsd worst = NanoUsd.ZERO;
    for (Tier tier : tiers) {
      // A smaller prompt may cost more, where a provider grants a discount on large ones.
      if (tier.fromInputTokens() <= inputTokens) {
        NanoUsd here = tier.rates().times(multiple).worstCase(inputTokens, outputTokens);
        worst = here.compareTo(worst) > 0 ? here : worst;
      }
    }
    return worst;
  }
}
