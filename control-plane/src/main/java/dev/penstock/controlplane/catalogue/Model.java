package dev.penstock.controlplane.catalogue;

import dev.penstock.controlplane.manifest.Named;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.snapshot.ModelTrait;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A name that clients ask for. */
public record Model(
    String name,
    Optional<Long> contextTokens,
    Optional<Long> maxOutputTokens,
    List<String> capabilities,
    List<Price> prices,
    List<Deployment> deployments,
    Set<ModelTrait> traits)
    implements Named {

  /** A model that takes what its dialect says. */
  public Model(
      String name,
      Optional<Long> contextTokens,
      Optional<Long> maxOutputTokens,
      List<String> capabilities,
      List<Price> prices,
      List<Deployment> deployments) {
    this(name, contextTokens, maxOutputTokens, capabilities, prices, deployments, Set.of());
  }

  public Model {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(contextTokens, "contextTokens");
    Objects.requireNonNull(maxOutputTokens, "maxOutputTokens");
    capabilities = capabilities.stream().sorted().toList();
    prices = prices.stream().sorted(Comparator.comparing(Price::validFrom)).toList();
    deployments = List.copyOf(deployments);
    traits = Set.copyOf(traits);
  }

  /** What nodes have to know of it: its traits, and whether it thinks. */
  public Set<ModelTrait> traitsForNodes() {
    Set<ModelTrait> all = new HashSet<>(traits);
    if (capabilities.contains(ModelTrait.REASONS.word())) {
      all.add(ModelTrait.REASONS);
    }
    return all;
  }

  /** The same model with what is kept beside it. */
  Model withParts(List<Price> prices, List<Deployment> deployments) {
    return new Model(
        name, contextTokens, maxOutputTokens, capabilities, prices, deployments, traits);
  }
}
