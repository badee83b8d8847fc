package dev.penstock.controlplane.usage;

import java.time.Instant;
import java.util.Objects;

/**
 * A batch as it came.
 *
 * @param node who its certificate says sent it
 * @param receivedAt by our clock
 */
record Delivery(String node, UsageBatch batch, Instant receivedAt) {

  Delivery {
    Objects.requireNonNull(node, "node");
    Objects.requireNonNull(batch, "batch");
    Objects.requireNonNull(receivedAt, "receivedAt");
  }

  Delivery of(UsageBatch other) {
    return new Delivery(node, other, receivedAt);
  }
}
