package dev.penstock.dataplane.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The segments as one log: lines go to the active one, which a spare follows when it is full.
 *
 * <p>Room is what the active segment and the spares can still take for certain: at each change of
 * segment a line's length may be lost, and the new segment begins with a line per lease. So a line
 * whose room was reserved always fits, without the disk being asked. Guarded by the spool's lock.
 */
final class SpoolLog {

  private final UUID spoolId;
  private final int maxLine;
  private final LeaseLines leases;
  private final Deque<Segment> sealed = new ArrayDeque<>();
  private final Deque<Segment> spares = new ArrayDeque<>();
  private Segment active;
  private long nextSeq;
  private long reserved;
  private long fileBytes;

  /**
   * @param maxLine longest line, frame included
   * @param leases what a new segment begins with
   */
  SpoolLog(UUID spoolId, int maxLine, Recovery.Found found, Segment first, LeaseLines leases) {
    this.spoolId = spoolId;
    this.maxLine = maxLine;
    this.leases = leases;
    nextSeq = Math.max(found.lastSeq(), found.ackedSeq()) + 1;
    sealed.addAll(found.segments());
    sealed.forEach(segment -> fileBytes += segment.fileBytes());
    active = first;
    fileBytes += first.fileBytes();
    begin(first, found.lastOrdinal() + 1);
  }

  private void begin(Segment segment, long ordinal) {
    segment.activate(spoolId, ordinal, nextSeq);
    active = segment;
    for (byte[] line : leases.encoded()) {
      segment.append(LineType.LEASE, line, 0);
    }
  }

  /** Where a line came to stand. */
  record Place(Segment segment, int offset) {}

  /** Appends a line; the caller has seen to the room, and numbered it {@link #nextSeq}. */
  Place append(LineType type, byte[] payload) {
    return append(type, payload, 0);
  }

  /** Appends a line whose payload begins at {@code from}. */
  Place append(LineType type, byte[] payload, int from) {
    int length = payload.length - from;
    if (active.remaining() < Segment.LINE_BYTES + length) {
      Segment next = spares.poll();
      if (next == null) {
        throw new IllegalStateException("spool: no room for a line of " + length);
      }
      sealed.add(active);
      begin(next, active.ordinal() + 1);
    }
    Place place = new Place(active, active.append(type, payload, from));
    if (type.isNumbered()) {
      nextSeq++;
    }
    return place;
  }

  /** Whether a line of this size fits beside everything that was reserved. */
  boolean hasRoom(long bytes) {
    return room() - reserved >= bytes;
  }

  /** Bytes that can be appended for certain, whatever their lines are. */
  private long room() {
    long leaseBytes = (long) leases.size() * LeaseLines.MAX_LINE_BYTES;
    long room = Math.max(0, active.remaining() - maxLine);
    for (Segment spare : spares) {
      room += Math.max(0, spare.remaining() - maxLine - leaseBytes);
    }
    return room;
  }

  void reserve(long bytes) {
    reserved += bytes;
  }

  long reserved() {
    return reserved;
  }

  /**
   * The number of the next numbered line. It counts up when that line is written and no earlier: a
   * segment that begins with the line has to say so in its header.
   */
  long nextSeq() {
    return nextSeq;
  }

  long lastSeq() {
    return nextSeq - 1;
  }

  void addSpare(Segment spare) {
    spares.add(spare);
    fileBytes += spare.fileBytes();
  }

  boolean needsSpare() {
    return spares.isEmpty();
  }

  Segment active() {
    return active;
  }

  long fileBytes() {
    return fileBytes;
  }

  /** Oldest first, the active one last. */
  List<Segment> segments() {
    List<Segment> all = new ArrayList<>(sealed);
    all.add(active);
    return all;
  }

  List<Segment> spares() {
    return List.copyOf(spares);
  }

  @Nullable Segment oldestSealed() {
    return sealed.peek();
  }

  void dropOldest() {
    fileBytes -= sealed.remove().fileBytes();
  }

  /** Puts a copy in the place of a segment whose file has failed. */
  void replace(Segment failed, Segment copy) {
    fileBytes += copy.fileBytes() - failed.fileBytes();
    if (active == failed) {
      active = copy;
      return;
    }
    List<Segment> rest = new ArrayList<>(sealed);
    rest.replaceAll(segment -> segment == failed ? copy : segment);
    sealed.clear();
    sealed.addAll(rest);
  }
}
