package dev.penstock.dataplane.journal;

import java.time.Duration;
import java.util.Objects;

/**
 * How large a spool may get and how long its newest lines may be in memory only.
 *
 * @param capBytes all segments together; beyond it nothing new is admitted
 * @param segmentBytes size of a segment
 * @param maxRecordBytes size that no line exceeds
 * @param syncEvery longest time until a line is on the disk (what a power loss may cost)
 * @param syncRecords lines that are waited for no longer than that; how far running streams have
 *     come does not count
 */
public record SpoolLimits(
    long capBytes, int segmentBytes, int maxRecordBytes, Duration syncEvery, int syncRecords) {

  /** 512 MiB in segments of 8 MiB; on the disk after 100 ms or 64 lines. */
  public static final SpoolLimits DEFAULT =
      new SpoolLimits(512L << 20, 8 << 20, 16 << 10, Duration.ofMillis(100), 64);

  public SpoolLimits {
    Objects.requireNonNull(syncEvery, "syncEvery");
    if (maxRecordBytes < 1024 || segmentBytes < 4 * maxRecordBytes || capBytes < segmentBytes) {
      throw new IllegalArgumentException(
          "limits: cap %d, segment %d, record %d (expected: record >= 1024, segment >= 4 records, cap >= segment)"
              .formatted(capBytes, segmentBytes, maxRecordBytes));
    }
  }
}
