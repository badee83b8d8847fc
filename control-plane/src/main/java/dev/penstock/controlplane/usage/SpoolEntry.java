package dev.penstock.controlplane.usage;

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

    /** A request that ended. */
    record Request(RequestRecord record) implements Content {}

    /** The node could not read a part of its spool back. */
    record Gap(String reason, long bytes) implements Content {}

    /** It cannot be counted; the reason is for the platform engineer and quotes nothing. */
    record Poison(String reason) implements Content {}
  }

  SpoolEntry toPoison(String reason) {
    return new SpoolEntry(seq, body, new Content.Poison(reason));
  }
}
