package dev.penstock.dataplane.journal;

import dev.penstock.dataplane.journal.RecordCodec.Progress;
import dev.penstock.dataplane.journal.RecordCodec.Unnumbered;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The node's journal on local disk: what was held, what was settled, and how far the control plane
 * has confirmed it.
 *
 * <p>Every method that writes is a copy into mapped memory under one short lock and may be called
 * on an event loop: when it returns, the line survives the death of the process. {@link
 * SpoolKeeper} brings the lines to the disk, makes room ahead of need and removes what has been
 * confirmed.
 *
 * <p>A hold reserves the room of its settlement, so {@link #settle} always has it. A successor
 * settles every hold it finds open, as {@link ExchangeRecord.Presumption} says.
 */
public final class Spool implements AutoCloseable {

  /** What a settlement may say more than its hold: decisions, attempts, timings. */
  private static final int SETTLEMENT_EXTRA_BYTES = 2048;

  /** Guards everything below; nothing waits inside it. */
  private final Object lock = new Object();

  /** Held while mapped files are read or closed outside the lock; never on an event loop. */
  private final Object reading = new Object();

  private final SpoolLimits limits;
  private final RecordCodec codec;
  private final SpoolFolder folder;
  private final LeaseLines leases;
  private final SpoolLog log;
  private final OpenHolds holds;
  private final Outbox outbox;
  private final SpoolKeeper keeper;

  /** Kept free of holds, so that a lease can be written down when exchanges no longer fit. */
  private final int leaseRoom;

  private int unsynced;
  private boolean healthy = true;

  /**
   * Records with contiguous numbers.
   *
   * @param records as they are sent
   */
  public record Batch(long firstSeq, List<byte[]> records) {
    public Batch {
      records = List.copyOf(records);
    }

    public long lastSeq() {
      return firstSeq + records.size() - 1;
    }
  }

  private Spool(
      SpoolFolder folder, SpoolLimits limits, RecordCodec codec, Disk disk, Recovery.Found found)
      throws IOException {
    this.folder = folder;
    this.limits = limits;
    this.codec = codec;
    leases = new LeaseLines(codec, found.leases());
    keeper = new SpoolKeeper(this, folder, limits, disk);
    int maxLine = limits.maxRecordBytes() + Segment.LINE_BYTES;
    log = new SpoolLog(folder.spoolId(), maxLine, found, keeper.newSegment(), leases);
    holds = new OpenHolds(log, leases, codec);
    outbox = new Outbox(codec, found.ackedSeq());
    leaseRoom = Math.min(100 * LeaseLines.MAX_LINE_BYTES, limits.segmentBytes() / 8);
  }

  /**
   * Opens the spool in a folder, or makes one there, and finishes what a predecessor left open.
   *
   * @throws IOException if another process has it, or the disk takes no file at all
   */
  public static Spool open(Path dir, SpoolLimits limits, RecordCodec codec) throws IOException {
    return open(dir, limits, codec, Disk.REAL);
  }

  static Spool open(Path dir, SpoolLimits limits, RecordCodec codec, Disk disk) throws IOException {
    SpoolFolder folder = SpoolFolder.open(dir);
    try {
      Recovery.Found found = Recovery.run(folder, codec);
      Spool spool = new Spool(folder, limits, codec, disk, found);
      spool.finish(found);
      return spool;
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private void finish(Recovery.Found found) throws IOException {
    for (Recovery.OpenLine line : found.open().values()) {
      keeper.provideSpare();
      Unnumbered presumed =
          codec.presume(line.hold(), line.outputTokens(), line.amount(), limits.maxRecordBytes());
      appendNumbered(presumed);
    }
    if (!folder.isSameBoot()) {
      // After a loss of power the newest settlements may be gone: what is left of a lease is not
      // known any more, so nothing more is spent from it.
      for (LeaseLine line : leases.all()) {
        keeper.provideSpare();
        appendLease(line.toClosing());
      }
    }
    keeper.sync();
    folder.rememberBoot();
    keeper.start();
  }

  /**
   * Writes down that an exchange is about to cost money, and reserves room for its settlement;
   * false if there is none ({@code usage_backpressure}).
   */
  public boolean tryHold(ExchangeRecord.OpenHold hold) {
    String id = hold.soFar().id();
    byte[] line = codec.hold(hold, limits.maxRecordBytes() / 2);
    int reserve =
        Math.min(limits.maxRecordBytes(), line.length + SETTLEMENT_EXTRA_BYTES)
            + Segment.LINE_BYTES;
    synchronized (lock) {
      if (holds.get(id) != null) {
        throw new IllegalStateException("request " + id + " holds already");
      }
      if (!healthy || !log.hasRoom(Segment.sizeOf(line) + (long) reserve + leaseRoom)) {
        keeper.wake();
        return false;
      }
      holds.open(id, hold.leaseIds(), line, reserve);
      onAppended();
    }
    return true;
  }

  /** Writes down how many output tokens an open exchange has used; at most each 256 or second. */
  public void progress(String requestId, long outputTokens) {
    tryProgress(new Progress(requestId, outputTokens, 0));
  }

  /**
   * Writes down that an open exchange is about to cost more than its hold's line says; false if
   * there is no room: then it must not.
   *
   * @param amount held on each lease by now, nano-USD
   */
  public boolean tryExtend(String requestId, long outputTokens, long amount) {
    return tryProgress(new Progress(requestId, outputTokens, amount));
  }

  private boolean tryProgress(Progress progress) {
    byte[] line = codec.progress(progress);
    synchronized (lock) {
      if (!holds.isNews(progress)) {
        return true;
      }
      if (!log.hasRoom(Segment.sizeOf(line))) {
        keeper.wake();
        return false;
      }
      holds.advance(progress, line);
      if (progress.amount() > 0) {
        onAppended(); // that a stream goes on waits for the next sync, money is not kept waiting
      }
    }
    return true;
  }

  /**
   * Ends a hold: writes the exchange's record and returns its number. Comes before {@code
   * LeaseDesk.settle}, so that a lease is not closed before its last settlement has a number.
   *
   * @throws IllegalStateException if the exchange does not hold, or was settled before
   */
  public long settle(ExchangeRecord record) {
    OpenHolds.Hold hold = holds.get(record.id());
    if (hold == null) {
      throw new IllegalStateException("request " + record.id() + " does not hold");
    }
    Unnumbered unnumbered = codec.record(record, hold.reserved() - Segment.LINE_BYTES);
    synchronized (lock) {
      holds.end(record.id(), hold);
      long seq = appendNumbered(unnumbered);
      onAppended();
      return seq;
    }
  }

  /** Writes the record of an exchange that never held; false if there is no room. */
  public boolean tryRecord(ExchangeRecord record) {
    Unnumbered unnumbered = codec.record(record, limits.maxRecordBytes());
    synchronized (lock) {
      if (!healthy || !log.hasRoom(Segment.sizeOf(unnumbered.bytes()) + (long) leaseRoom)) {
        keeper.wake();
        return false;
      }
      appendNumbered(unnumbered);
      onAppended();
    }
    return true;
  }

  /**
   * Writes a lease down; what it has consumed is the spool's own to know. False if there is no
   * room: then the change must not take effect.
   */
  public boolean tryLease(LeaseLine line) {
    synchronized (lock) {
      if (!log.hasRoom(LeaseLines.MAX_LINE_BYTES)) {
        keeper.wake();
        return false;
      }
      appendLease(line);
      onAppended();
    }
    return true;
  }

  /** The leases of this spool, those of a predecessor included. */
  public List<LeaseLine> leases() {
    synchronized (lock) {
      return leases.all();
    }
  }

  /**
   * The number up to which a lease's settlements stand in the spool; empty while an exchange in the
   * spool still holds on it.
   */
  public Optional<Long> finalSeq(String leaseId) {
    synchronized (lock) {
      return leases.isHeld(leaseId) ? Optional.empty() : Optional.of(log.lastSeq());
    }
  }

  /**
   * Records from a number on, of those that may be sent: they are on the disk, and the disk knows
   * that they may have been sent. Empty if there are none. Reads files; not for event loops.
   */
  public Optional<Batch> batch(long firstSeq, int maxRecords, int maxBytes) {
    synchronized (reading) {
      List<Segment> segments;
      long last;
      synchronized (lock) {
        segments = log.segments();
        last = outbox.sendable();
      }
      List<byte[]> records = outbox.read(segments, firstSeq, last, maxRecords, maxBytes);
      return records.isEmpty() ? Optional.empty() : Optional.of(new Batch(firstSeq, records));
    }
  }

  /**
   * The control plane has committed everything up to a number.
   *
   * @return false if that cannot be: it was not sent, or less than what was said before
   */
  public boolean ack(long seq) {
    synchronized (lock) {
      return outbox.ack(seq);
    }
  }

  /** Calls back, on the keeper's thread, whenever there is more to send. */
  public void onSendable(Runnable listener) {
    keeper.onSendable(listener);
  }

  public SpoolStats stats() {
    synchronized (lock) {
      long acked = outbox.acked();
      long bytes = 0;
      for (Segment segment : log.segments()) {
        bytes += segment.bytesFrom(acked + 1);
      }
      return new SpoolStats(
          log.fileBytes(), limits.capBytes(), log.lastSeq() - acked, bytes, holds.size(), healthy);
    }
  }

  public String spoolId() {
    return folder.spoolId().toString();
  }

  /** The highest number given. */
  public long lastSeq() {
    synchronized (lock) {
      return log.lastSeq();
    }
  }

  public long ackedSeq() {
    synchronized (lock) {
      return outbox.acked();
    }
  }

  /** Brings everything to the disk and lets go of it. */
  @Override
  public void close() {
    keeper.close();
    synchronized (reading) {
      synchronized (lock) {
        healthy = false;
        log.segments().forEach(Segment::close);
        log.spares().forEach(Segment::close);
      }
    }
    try {
      folder.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private long appendNumbered(Unnumbered unnumbered) {
    long seq = log.nextSeq();
    byte[] bytes = unnumbered.bytes();
    log.append(LineType.SETTLE, bytes, codec.number(bytes, seq));
    leases.onCharged(unnumbered.charges());
    return seq;
  }

  private void appendLease(LeaseLine line) {
    LeaseLine completed = leases.completed(line);
    log.append(LineType.LEASE, codec.lease(completed));
    leases.put(completed);
  }

  private void onAppended() {
    if (++unsynced == limits.syncRecords()) {
      keeper.wake();
    }
  }

  // What the keeper needs, each under the lock for a moment.

  /** A segment and how much of it has to reach the disk. */
  record Dirty(Segment segment, int end) {}

  /** What one sync has to cover; after it everything up to {@code lastSeq} may be sent. */
  record SyncPlan(List<Dirty> dirty, long lastSeq, long acked, boolean healthy) {}

  SyncPlan planSync() {
    synchronized (lock) {
      unsynced = 0;
      List<Dirty> dirty = new ArrayList<>();
      for (Segment segment : log.segments()) {
        if (segment.isDirty() || segment.isBad()) {
          dirty.add(new Dirty(segment, segment.end()));
        }
      }
      return new SyncPlan(dirty, log.lastSeq(), outbox.acked(), healthy);
    }
  }

  void onSynced(Dirty dirty) {
    synchronized (lock) {
      dirty.segment().onForced(dirty.end());
    }
  }

  void onSendable(long seq) {
    synchronized (lock) {
      outbox.onSynced(seq);
    }
  }

  void onSick(Segment segment) {
    synchronized (lock) {
      healthy = false;
      segment.markBad();
    }
  }

  void onCured() {
    synchronized (lock) {
      healthy = true;
    }
  }

  /** Whether too little room is ready for appends, and the cap leaves room for another segment. */
  boolean wantsSpare() {
    synchronized (lock) {
      boolean allowed = log.fileBytes() + limits.segmentBytes() <= limits.capBytes();
      return allowed && !log.hasRoom(2L * limits.segmentBytes());
    }
  }

  boolean lacksSpare() {
    synchronized (lock) {
      return log.needsSpare();
    }
  }

  void addSpare(Segment spare) {
    synchronized (lock) {
      log.addSpare(spare);
    }
  }

  /** Puts a rewritten copy in the place of a segment that could not be brought to the disk. */
  void replace(Segment failed, Segment copy) {
    synchronized (lock) {
      copy.copyOf(failed);
      log.replace(failed, copy);
      holds.onReplaced(failed, copy);
    }
  }

  /** Writes the holds that keep the oldest segment anew, so that it can go. */
  void moveOldHolds(long ackedOnDisk, int limit) {
    Segment oldest = oldestConfirmed(ackedOnDisk);
    if (oldest == null) {
      return;
    }
    for (String requestId : holds.in(oldest, limit)) {
      synchronized (lock) { // for each alone, so that no exchange waits for all of them
        if (holds.move(requestId)) {
          onAppended();
        }
      }
    }
  }

  private @Nullable Segment oldestConfirmed(long ackedOnDisk) {
    synchronized (lock) {
      Segment oldest = log.oldestSealed();
      return oldest != null && oldest.lastSeq() <= ackedOnDisk ? oldest : null;
    }
  }

  /** Takes the oldest segment out of the log if nothing needs it; the caller removes its file. */
  @Nullable Segment dropOldest(long ackedOnDisk) {
    synchronized (lock) {
      Segment oldest = oldestConfirmed(ackedOnDisk);
      if (oldest == null || oldest.openHolds() > 0 || oldest.isDirty()) {
        return null;
      }
      log.dropOldest();
      return oldest;
    }
  }

  /** Closes a segment that is no longer part of the log. */
  void release(Segment segment) {
    synchronized (reading) {
      segment.close();
    }
  }
}
