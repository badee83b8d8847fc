package dev.penstock.controlplane.ledger;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * What records of a spool cost.
 *
 * @param costs by lease, nano-USD
 */
public record Settling(UUID spoolId, long firstSeq, long lastSeq, Map<UUID, Long> costs) {

  public Settling {
    Objects.requireNonNull(spoolId, "spoolId");
    costs = Map.copyOf(costs);
  }

  /** Names the records; the same for the same ones. */
  String source() {
    return "usage %s %d-%d".formatted(spoolId, firstSeq, lastSeq);
  }
}
