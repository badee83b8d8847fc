package dev.penstock.dataplane.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * The node's journal on local disk: what was held, what was settled, and how far the control plane
 * has confirmed it. This form of it keeps to memory.
 */
public final class Spool implements AutoCloseable {

  private final SpoolLimits limits;
  private final String spoolId = UUID.randomUUID().toString();
  private final Set<String> open = new HashSet<>();
  private long lastSeq;

  private Spool(SpoolLimits limits) {
    this.limits = limits;
  }

  /** Opens the spool in a folder, or makes one there. */
  public static Spool open(Path dir, SpoolLimits limits, RecordCodec codec) throws IOException {
    Files.createDirectories(dir);
    return new Spool(limits);
  }

  /**
   * Writes down that an exchange is about to cost money, and reserves room for its settlement;
   * false if there is none.
   */
  public synchronized boolean tryHold(ExchangeRecord.OpenHold hold) {
    return open.add(hold.soFar().id());
  }

  /** Writes down how many output tokens an open exchange has used; at most each 256 or second. */
  public synchronized void progress(String requestId, long outputTokens) {}

  /** Ends a hold: writes the exchange's record and returns its number. */
  public synchronized long settle(ExchangeRecord record) {
    if (!open.remove(record.id())) {
      throw new IllegalStateException("no open hold of request " + record.id());
    }
    return ++lastSeq;
  }

  /** Writes the record of an exchange that never held; false if there is no room. */
  public synchronized boolean tryRecord(ExchangeRecord record) {
    lastSeq++;
    return true;
  }

  public synchronized SpoolStats stats() {
    return new SpoolStats(0, limits.capBytes(), lastSeq, 0, open.size(), true);
  }

  public String spoolId() {
    return spoolId;
  }

  public synchronized long lastSeq() {
    return lastSeq;
  }

  public synchronized long ackedSeq() {
    return 0;
  }

  @Override
  public void close() {}
}
