package dev.penstock.controlplane.usage;

/** What became of a batch. */
public sealed interface IngestOutcome {

  /** Everything up to and including {@code ackedSeq} is committed. */
  record Committed(long ackedSeq) implements IngestOutcome {}

  /** Records are missing before the batch; nothing of it was kept. */
  record Missing(long expectedSeq) implements IngestOutcome {}
}
