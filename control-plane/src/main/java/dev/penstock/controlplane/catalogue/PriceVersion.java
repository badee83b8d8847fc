package dev.penstock.controlplane.catalogue;

import dev.penstock.kernel.money.NanoUsd;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** Prices per million tokens from an instant on; {@code cacheRead} empty: as {@code input}. */
public record PriceVersion(
    Instant validFrom, NanoUsd input, Optional<NanoUsd> cacheRead, NanoUsd output) {

  public PriceVersion {
    Objects.requireNonNull(validFrom, "validFrom");
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(cacheRead, "cacheRead");
    Objects.requireNonNull(output, "output");
  }
}
