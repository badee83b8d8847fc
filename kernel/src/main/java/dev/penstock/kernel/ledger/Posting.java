package dev.penstock.kernel.ledger;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * One transfer to be booked.
 *
 * @param amount nano-USD, above 0
 * @param name the same for the same transfer, however often it is decided, and for no other: its
 *     kind, its lease or window, and the total that it leads to or the records that it stems from
 */
public record Posting(Transfer transfer, Optional<UUID> leaseId, long amount, String name) {

  public Posting {
    Objects.requireNonNull(transfer, "transfer");
    Objects.requireNonNull(leaseId, "leaseId");
    Objects.requireNonNull(name, "name");
    if (amount <= 0 || transfer.isOfLease() != leaseId.isPresent()) {
      throw new IllegalArgumentException(
          "%s of %d (expected: an amount above 0, a lease where the kind has one)"
              .formatted(transfer, amount));
    }
  }
}
