package dev.penstock.controlplane.catalogue;

import dev.penstock.controlplane.manifest.Named;
import dev.penstock.kernel.money.Price;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A name that clients ask for. */
public record Model(
    String name,
    Optional<Long> contextTokens,
    Optional<Long> maxOutputTokens,
    List<String> capabilities,
    List<Price> prices,
    List<Deployment> deployments)
    implements Named {

  public Model {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(contextTokens, "contextTokens");
    Objects.requireNonNull(maxOutputTokens, "maxOutputTokens");
    capabilities = capabilities.stream().sorted().toList();
    prices = prices.stream().sorted(Comparator.comparing(Price::validFrom)).toList();
    deployments = List.copyOf(deployments);
  }

  /** The same model with what is kept beside it. */
  Model withParts(List<Price> prices, List<Deployment> deployments) {
    return new Model(name, contextTokens, maxOutputTokens, capabilities, prices, deployments);
  }
}
