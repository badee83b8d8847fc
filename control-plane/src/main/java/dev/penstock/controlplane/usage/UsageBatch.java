package dev.penstock.controlplane.usage;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Contiguous entries of one spool. */
public record UsageBatch(UUID spoolId, long firstSeq, List<SpoolEntry> entries) {

  public UsageBatch {
    Objects.requireNonNull(spoolId, "spoolId");
    entries = List.copyOf(entries);
    if (firstSeq < 1) {
      throw new IllegalArgumentException("firstSeq: " + firstSeq + " (expected: >= 1)");
    }
  }

  /** A part of it, from one place on to before another. */
  UsageBatch part(int from, int before) {
    return new UsageBatch(spoolId, firstSeq + from, entries.subList(from, before));
  }

  UsageBatch only(SpoolEntry entry) {
    return new UsageBatch(spoolId, entry.seq(), List.of(entry));
  }
}
