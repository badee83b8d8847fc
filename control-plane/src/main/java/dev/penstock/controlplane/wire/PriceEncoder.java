package dev.penstock.controlplane.wire;

import dev.penstock.kernel.money.Price.Tier;
import dev.penstock.kernel.money.Rates;
import dev.penstock.kernel.money.ServiceTiers;
import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.proto.policy.v1.Price;
import dev.penstock.proto.policy.v1.PriceTier;
import dev.penstock.proto.policy.v1.ServiceTier;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Writes price versions into a snapshot, always in the same order. */
final class PriceEncoder {

  private PriceEncoder() {}

  static List<Price> prices(List<dev.penstock.kernel.money.Price> prices) {
    return prices.stream()
        .sorted(Comparator.comparing(dev.penstock.kernel.money.Price::validFrom))
        .map(PriceEncoder::price)
        .toList();
  }

  private static Price price(dev.penstock.kernel.money.Price price) {
    return Price.newBuilder()
        .setValidFromUnixMs(price.validFrom().toEpochMilli())
        .addAllTiers(price.tiers().stream().map(PriceEncoder::tier).toList())
        .addAllServiceTiers(serviceTiers(price.serviceTiers()))
        .build();
  }

  private static List<ServiceTier> serviceTiers(ServiceTiers tiers) {
    return tiers.thousandths().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(tier ->
            ServiceTier.newBuilder().setName(tier.getKey()).setThousandths(tier.getValue()).build())
        .toList();
  }

  private static PriceTier tier(Tier tier) {
    Rates rates = tier.rates();
    PriceTier.Builder to =
        PriceTier.newBuilder()
            .setFromInputTokens(tier.fromInputTokens())
            .setInput(rates.input().nanoUsdPerMillion())
            .setOutput(rates.output().nanoUsdPerMillion());
    set(rates.cacheRead(), to::setCacheRead);
    set(rates.cacheWrite5m(), to::setCacheWrite5M);
    set(rates.cacheWrite1h(), to::setCacheWrite1H);
    set(rates.audioInput(), to::setAudioInput);
    set(rates.reasoning(), to::setReasoning);
    set(rates.audioOutput(), to::setAudioOutput);
    return to.build();
  }

  private static void set(Optional<TokenPrice> price, LongConsumer to) {
    price.ifPresent(stated -> to.accept(stated.nanoUsdPerMillion()));
  }
}
