package dev.penstock.dataplane.wire;

import dev.penstock.kernel.money.Price.Tier;
import dev.penstock.kernel.money.Rates;
import dev.penstock.kernel.money.ServiceTiers;
import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.proto.policy.v1.Price;
import dev.penstock.proto.policy.v1.PriceTier;
import dev.penstock.proto.policy.v1.ServiceTier;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads price versions of a snapshot. */
final class PriceReader {

  private PriceReader() {}

  /**
   * @throws IllegalArgumentException where an amount is negative, or tiers are missing, overlap or
   *     leave small prompts without a price, or a service tier is free
   */
  static List<dev.penstock.kernel.money.Price> prices(List<Price> from) {
    return from.stream().map(PriceReader::price).toList();
  }

  private static dev.penstock.kernel.money.Price price(Price from) {
    return new dev.penstock.kernel.money.Price(
        Instant.ofEpochMilli(from.getValidFromUnixMs()),
        from.getTiersList().stream().map(PriceReader::tier).toList(),
        new ServiceTiers(
            from.getServiceTiersList().stream()
                .collect(
                    Collectors.toMap(
                        ServiceTier::getName,
                        ServiceTier::getThousandths,
                        (one, other) -> Math.max(one, other)))));
  }

  private static Tier tier(PriceTier from) {
    return new Tier(
        from.getFromInputTokens(),
        new Rates(
            new TokenPrice(from.getInput()),
            amount(from.hasCacheRead(), from.getCacheRead()),
            amount(from.hasCacheWrite5M(), from.getCacheWrite5M()),
            amount(from.hasCacheWrite1H(), from.getCacheWrite1H()),
            amount(from.hasAudioInput(), from.getAudioInput()),
            new TokenPrice(from.getOutput()),
            amount(from.hasReasoning(), from.getReasoning()),
            amount(from.hasAudioOutput(), from.getAudioOutput())));
  }

  private static Optional<TokenPrice> amount(boolean stated, long nanoUsdPerMillion) {
    return stated ? Optional.of(new TokenPrice(nanoUsdPerMillion)) : Optional.empty();
  }
}
