package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.usage.RequestRecord.Charge;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One numbered record of a spool, and what could be made of it.
 *
 * @param body the bytes as they came, so that nothing is lost that cannot be read
 */
public record SpoolEntry(long seq, byte[] body, Content content) {

  public SpoolEntry {
    Objects.requireNonNull(body, "body");
    Objects.requireNonNull(content, "content");
  }

  /** What a record tells. */
  public sealed interface Content {

    /** What is charged to leases. */
    default List<Charge> charges() {
      return List.of();
    }

    /** A request that ended. */
    record Request(RequestRecord record) implements Content {
      @Override
      public List<Charge> charges() {
        return record.charges();
      }
    }

    /** The node could not read a part of its spool back. */
    record Gap(String reason, long bytes) implements Content {}

    /**
     * No record can be made of it. Its money counts where that can be read: it has been spent.
     *
     * @param reason for the platform engineer; quotes nothing
     */
    record Poison(String reason, List<Charge> charges) implements Content {
      public Poison {
        charges = List.copyOf(charges);
      }

      /** Without money that could be read. */
      public Poison(String reason) {
        this(reason, List.of());
      }
    }
  }

  /** Kept aside with its money. */
  SpoolEntry toPoison(String reason) {
    return with(new Content.Poison(reason, content.charges()));
  }

  /** Kept aside without its money, which cannot be booked. */
  SpoolEntry toUnchargedPoison(String reason) {
    return with(new Content.Poison(reason));
  }

  /** A request's entry, of another caller. */
  SpoolEntry by(RequestRecord.Caller caller) {
    return content instanceof Content.Request(RequestRecord record)
        ? with(new Content.Request(record.by(caller)))
        : this;
  }

  /** A request's entry, with another time of arrival. */
  SpoolEntry receivedAt(Instant at) {
    return content instanceof Content.Request(RequestRecord record)
        ? with(new Content.Request(record.at(at)))
        : this;
  }

  private SpoolEntry with(Content other) {
    return new SpoolEntry(seq, body, other);
  }
}
