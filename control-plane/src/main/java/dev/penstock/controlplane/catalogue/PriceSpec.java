package dev.penstock.controlplane.catalogue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.kernel.money.NanoUsd;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Price lists as manifests write them. */
final class PriceSpec {

  private static final String NO_CACHE_WRITE =
      "no protocol of this build charges for cache writes (openai has no such price)";

  private PriceSpec() {}

  static List<PriceVersion> read(Spec owner) {
    List<PriceVersion> prices = new ArrayList<>();
    Set<Instant> seen = new HashSet<>();
    for (Spec spec : owner.objects("prices")) {
      Instant validFrom = spec.time("validFrom").orElse(Instant.EPOCH);
      if (!spec.has("validFrom")) {
        spec.refuse("validFrom", "is missing");
      } else if (!seen.add(validFrom)) {
        spec.refuse("validFrom", "occurs twice");
      }
      Optional<Spec> amounts = spec.object("perMillionTokens");
      if (amounts.isEmpty() && !spec.has("perMillionTokens")) {
        spec.refuse("perMillionTokens", "is missing");
      }
      amounts.ifPresent(each -> prices.add(readAmounts(validFrom, each)));
      spec.end();
    }
    return prices;
  }

  private static PriceVersion readAmounts(Instant validFrom, Spec spec) {
    PriceVersion price =
        new PriceVersion(
            validFrom,
            spec.requiredUsd("input"),
            spec.usd("cacheRead"),
            spec.requiredUsd("output"));
    spec.refuseIfPresent("cacheWrite5m", NO_CACHE_WRITE);
    spec.refuseIfPresent("cacheWrite1h", NO_CACHE_WRITE);
    spec.end();
    return price;
  }

  static List<ObjectNode> write(List<PriceVersion> prices) {
    return prices.stream()
        .map(price ->
            new SpecWriter()
                .text("validFrom", price.validFrom().toString())
                .node(
                    "perMillionTokens",
                    new SpecWriter()
                        .text("input", price.input().toUsd())
                        .text("cacheRead", price.cacheRead().map(NanoUsd::toUsd))
                        .text("output", price.output().toUsd())
                        .done())
                .done())
        .toList();
  }
}
