package dev.penstock.controlplane.catalogue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.money.Price.Tier;
import dev.penstock.kernel.money.Rates;
import dev.penstock.kernel.money.ServiceTiers;
import dev.penstock.kernel.money.TokenPrice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Price lists as manifests write them. */
final class PriceSpec {

  /** Of one price version, beside the prices for prompts of any size. */
  static final int MAX_TIERS = 8;

  private static final long MAX_TOKENS = 100_000_000;
  private static final Pattern MULTIPLE = Pattern.compile("(?![0.]+$)[0-9]{1,2}([.][0-9]{1,3})?");
  private static final String SERVICE_TIERS = "serviceTiers";
  private static final String AMOUNTS = "perMillionTokens";
  private static final String FROM = "fromInputTokens";

  private PriceSpec() {}

  static List<Price> read(Spec owner) {
    List<Price> prices = new ArrayList<>();
    Set<Instant> seen = new HashSet<>();
    for (Spec spec : owner.objects("prices")) {
      Instant validFrom = spec.time("validFrom").orElse(Instant.EPOCH);
      if (!spec.has("validFrom")) {
        spec.refuse("validFrom", "is missing");
      } else if (!seen.add(validFrom)) {
        spec.refuse("validFrom", "occurs twice");
      }
      List<Tier> tiers = new ArrayList<>();
      rates(spec).ifPresent(rates -> tiers.add(new Tier(0, rates)));
      readTiers(spec, tiers);
      ServiceTiers serviceTiers = readServiceTiers(spec);
      if (!tiers.isEmpty() && tiers.getFirst().fromInputTokens() == 0) {
        prices.add(new Price(validFrom, tiers, serviceTiers));
      }
      spec.end();
    }
    return prices;
  }

  private static void readTiers(Spec version, List<Tier> to) {
    Set<Long> seen = new HashSet<>();
    List<Spec> tiers = version.objects("tiers");
    if (tiers.size() > MAX_TIERS) {
      version.refuse("tiers", "expected at most " + MAX_TIERS);
    }
    for (Spec spec : tiers) {
      long from = spec.integer(FROM, 1, MAX_TOKENS).orElse(0L);
      if (!spec.has(FROM)) {
        spec.refuse(FROM, "is missing");
      } else if (from != 0 && !seen.add(from)) {
        spec.refuse(FROM, "occurs twice");
      } else {
        rates(spec).filter(rates -> from != 0).ifPresent(rates -> to.add(new Tier(from, rates)));
      }
      spec.end();
    }
  }

  private static ServiceTiers readServiceTiers(Spec version) {
    Map<String, Long> to = new HashMap<>();
    version
        .object(SERVICE_TIERS)
        .ifPresent(spec -> {
          if (spec.fields().size() > MAX_TIERS) {
            version.refuse(SERVICE_TIERS, "expected at most " + MAX_TIERS);
          }
          for (String tier : spec.fields()) {
            readMultiple(spec, tier).ifPresent(thousandths -> to.put(tier, thousandths));
          }
        });
    return new ServiceTiers(to);
  }

  private static Optional<Long> readMultiple(Spec spec, String tier) {
    Optional<String> text = spec.text(tier);
    if (!ServiceTiers.isWord(tier)) {
      spec.refuse(tier, "expected the provider's word for a tier, such as flex");
      return Optional.empty();
    }
    if (text.isPresent() && !MULTIPLE.matcher(text.get()).matches()) {
      spec.refuse(
          tier,
          "expected a multiple of the rates such as \"0.5\", above 0 and below 100, at most 3 decimals");
      return Optional.empty();
    }
    return text.map(multiple -> new BigDecimal(multiple).movePointRight(3).longValueExact());
  }

  private static Optional<Rates> rates(Spec of) {
    Optional<Spec> amounts = of.object(AMOUNTS);
    if (amounts.isEmpty() && !of.has(AMOUNTS)) {
      of.refuse(AMOUNTS, "is missing");
    }
    return amounts.map(PriceSpec::readAmounts);
  }

  private static Rates readAmounts(Spec spec) {
    Rates rates =
        new Rates(
            price(spec.requiredUsd("input")),
            spec.usd("cacheRead").map(PriceSpec::price),
            spec.usd("cacheWrite5m").map(PriceSpec::price),
            spec.usd("cacheWrite1h").map(PriceSpec::price),
            spec.usd("audioInput").map(PriceSpec::price),
            price(spec.requiredUsd("output")),
            spec.usd("reasoning").map(PriceSpec::price),
            spec.usd("audioOutput").map(PriceSpec::price));
    spec.end();
    return rates;
  }

  private static TokenPrice price(NanoUsd perMillion) {
    return new TokenPrice(perMillion.value());
  }

  static List<ObjectNode> write(List<Price> prices) {
    return prices.stream().map(PriceSpec::version).toList();
  }

  private static ObjectNode version(Price price) {
    return new SpecWriter()
        .text("validFrom", price.validFrom().toString())
        .node(AMOUNTS, amounts(price.tiers().getFirst().rates()))
        .nodes("tiers", price.tiers().stream().skip(1).map(PriceSpec::tier).toList())
        .tags(SERVICE_TIERS, multiples(price.serviceTiers()))
        .done();
  }

  private static Map<String, String> multiples(ServiceTiers tiers) {
    Map<String, String> multiples = new HashMap<>();
    tiers
        .thousandths()
        .forEach((tier, thousandths) ->
            multiples.put(
                tier, BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString()));
    return multiples;
  }

  private static ObjectNode tier(Tier tier) {
    return new SpecWriter()
        .number(FROM, Optional.of(tier.fromInputTokens()))
        .node(AMOUNTS, amounts(tier.rates()))
        .done();
  }

  private static ObjectNode amounts(Rates rates) {
    return new SpecWriter()
        .text("input", usd(rates.input()))
        .text("cacheRead", rates.cacheRead().map(PriceSpec::usd))
        .text("cacheWrite5m", rates.cacheWrite5m().map(PriceSpec::usd))
        .text("cacheWrite1h", rates.cacheWrite1h().map(PriceSpec::usd))
        .text("audioInput", rates.audioInput().map(PriceSpec::usd))
        .text("output", usd(rates.output()))
        .text("reasoning", rates.reasoning().map(PriceSpec::usd))
        .text("audioOutput", rates.audioOutput().map(PriceSpec::usd))
        .done();
  }

  private static String usd(TokenPrice price) {
    return new NanoUsd(price.nanoUsdPerMillion()).toUsd();
  }
}
