package dev.penstock.kernel.usage;

/**
 * How far the records of one spool have been committed: everything up to {@code acked}, nothing
 * beyond. One number dedupes exactly and for ever.
 */
public record UsageWatermark(long acked) {

  public UsageWatermark {
    if (acked < 0) {
      throw new IllegalArgumentException("acked: " + acked + " (expected: >= 0)");
    }
  }

  /** What to do with a batch. */
  public sealed interface Verdict {

    /** Skip the first {@code skip} records, commit the others (if any) with {@code next}. */
    record Commit(int skip, UsageWatermark next) implements Verdict {}

    /** Records are missing before the batch: nothing is committed. */
    record Missing(long expectedSeq) implements Verdict {}
  }

  /**
   * Judges a batch of {@code count} contiguous records that starts at {@code firstSeq}.
   *
   * @throws IllegalArgumentException if {@code firstSeq} is below 1 or {@code count} is negative
   */
  public Verdict judge(long firstSeq, int count) {
    if (firstSeq < 1 || count < 0) {
      throw new IllegalArgumentException(
          "firstSeq: " + firstSeq + ", count: " + count + " (expected: >= 1, >= 0)");
    }
    if (firstSeq > acked + 1) {
      return new Verdict.Missing(acked + 1);
    }
    int skip = (int) Math.min(count, acked + 1 - firstSeq);
    return new Verdict.Commit(skip, new UsageWatermark(acked + count - skip));
  }
}
