package dev.penstock.controlplane.catalogue;

import dev.penstock.kernel.money.Price;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A model at a provider.
 *
 * @param prices hold here instead of the model's where there are any
 */
public record Deployment(
    String name, String provider, String upstreamModel, int weight, List<Price> prices) {

  public Deployment {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(upstreamModel, "upstreamModel");
    prices = prices.stream().sorted(Comparator.comparing(Price::validFrom)).toList();
  }
}
