package dev.penstock.dataplane.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * What a segment's file holds, as far as it can be believed: lines up to the first that is cut or
 * changed. Reads bytes that anything may have happened to and never throws.
 *
 * @param end where the believable part ends
 * @param damagedBytes what stands after it and is not zero; 0 for a segment that simply ends
 */
record SegmentScan(
    UUID spoolId, long ordinal, long firstSeq, List<Line> lines, int end, long damagedBytes) {

  /** A line and where it stands. */
  record Line(LineType type, int offset, byte[] payload) {}

  /** Scans a whole file; empty if its header is not one. */
  static Optional<SegmentScan> of(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    if (file.length < Segment.HEADER_BYTES
        || bytes.getInt(0) != Segment.MAGIC
        || bytes.getInt(40) != Segment.headerCrc(Arrays.copyOfRange(file, 8, 40))) {
      return Optional.empty();
    }
    List<Line> lines = new ArrayList<>();
    int at = Segment.HEADER_BYTES;
    while (true) {
      Optional<Line> line = lineAt(bytes, at);
      if (line.isEmpty()) {
        break;
      }
      lines.add(line.get());
      at += Segment.sizeOf(line.get().payload());
    }
    return Optional.of(
        new SegmentScan(
            new UUID(bytes.getLong(8), bytes.getLong(16)),
            bytes.getLong(24),
            bytes.getLong(32),
            List.copyOf(lines),
            at,
            damaged(file, at)));
  }

  /** Whether a file is nothing but zeros: a spare that was never used. */
  static boolean isBlank(byte[] file) {
    return damaged(file, 0) == 0;
  }

  int[] numberedOffsets() {
    return lines.stream().filter(line -> line.type().isNumbered()).mapToInt(Line::offset).toArray();
  }

  private static Optional<Line> lineAt(ByteBuffer bytes, int at) {
    if (bytes.limit() - at < Segment.LINE_BYTES) {
      return Optional.empty();
    }
    int length = bytes.getInt(at);
    if (length < 1 || length > bytes.limit() - at - 8) {
      return Optional.empty();
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(at + 8, length));
    if ((int) crc.getValue() != bytes.getInt(at + 4)) {
      return Optional.empty();
    }
    byte[] payload = new byte[length - 1];
    bytes.get(at + Segment.LINE_BYTES, payload);
    return LineType.of(bytes.get(at + 8)).map(type -> new Line(type, at, payload));
  }

  private static long damaged(byte[] file, int from) {
    for (int last = file.length - 1; last >= from; last--) {
      if (file[last] != 0) {
        return last + 1L - from;
      }
    }
    return 0;
  }
}
