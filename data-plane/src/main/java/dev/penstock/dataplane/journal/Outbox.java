package dev.penstock.dataplane.journal;

import java.util.ArrayList;
import java.util.List;

/**
 * How far the numbered records may be sent, how far the control plane has confirmed them, and their
 * bytes. The two positions are guarded by the spool's lock; bytes are read outside it.
 */
final class Outbox {

  private final RecordCodec codec;
  private long acked;
  private long sendable;

  Outbox(RecordCodec codec, long acked) {
    this.codec = codec;
    this.acked = acked;
    sendable = acked;
  }

  long acked() {
    return acked;
  }

  /** The highest number that may be sent: the disk has its record, and knows that it may. */
  long sendable() {
    return sendable;
  }

  void onSynced(long seq) {
    sendable = Math.max(sendable, seq);
  }

  /** Confirms up to a number; false if that was not sent, or is less than what was said before. */
  boolean ack(long seq) {
    if (seq < acked || seq > sendable) {
      return false;
    }
    acked = seq;
    return true;
  }

  /** Records from {@code first} to {@code last} as far as the limits allow, but at least one. */
  List<byte[]> read(List<Segment> segments, long first, long last, int maxRecords, int maxBytes) {
    List<byte[]> records = new ArrayList<>();
    int bytes = 0;
    for (long seq = first; seq <= last && records.size() < maxRecords; seq++) {
      byte[] record = read(segments, seq);
      bytes += record.length;
      if (bytes > maxBytes && !records.isEmpty()) {
        break;
      }
      records.add(record);
    }
    return records;
  }

  private byte[] read(List<Segment> segments, long seq) {
    for (Segment segment : segments) {
      if (segment.firstSeq() <= seq && seq <= segment.lastSeq()) {
        return segment.numberedPayload(seq);
      }
    }
    return codec.gap(seq, "lost with a damaged part of the node's disk", 0);
  }
}
