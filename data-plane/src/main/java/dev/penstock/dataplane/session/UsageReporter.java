package dev.penstock.dataplane.session;

import dev.penstock.dataplane.journal.Spool;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which records to send: one batch at a time, from what the control plane is known to have, until
 * it has them. Used by the session's thread only.
 *
 * <p>What the control plane says is not trusted beyond what was sent to it: an acknowledgement of
 * more, or of less than before, is an error of its own and changes nothing here.
 */
final class UsageReporter {

  private static final Logger LOG = LoggerFactory.getLogger(UsageReporter.class);
  private static final int MAX_RECORDS = 500;
  private static final int MAX_BYTES = 256 << 10;

  /** Records wait for company so long after a batch; fuller batches go at once. */
  private static final long LINGER_NANOS = 200_000_000L;

  /** A batch that is not answered for so long is sent again. */
  private static final long REPEAT_NANOS = 10_000_000_000L;

  private final Spool spool;
  private Spool.@Nullable Batch inFlight;
  private long sentAt = System.nanoTime() - LINGER_NANOS;

  /** Nothing above was ever sent; what was there at the start, a predecessor may have sent. */
  private long sentUpTo;

  UsageReporter(Spool spool) {
    this.spool = spool;
    sentUpTo = spool.lastSeq();
  }

  /** A session begins; the control plane says how far it has come. */
  void onWelcome(long ackedSeq) {
    inFlight = null;
    accept(ackedSeq);
  }

  /** The next batch, if there is one and none is under way. */
  Optional<Spool.Batch> next(long now) {
    Spool.Batch sent = inFlight;
    if (sent != null) {
      if (now - sentAt < REPEAT_NANOS) {
        return Optional.empty();
      }
      sentAt = now;
      return Optional.of(sent);
    }
    if (now - sentAt < LINGER_NANOS && spool.lastSeq() - spool.ackedSeq() < MAX_RECORDS) {
      return Optional.empty();
    }
    Optional<Spool.Batch> batch = spool.batch(spool.ackedSeq() + 1, MAX_RECORDS, MAX_BYTES);
    batch.ifPresent(found -> {
      inFlight = found;
      sentAt = now;
      sentUpTo = Math.max(sentUpTo, found.lastSeq());
    });
    return batch;
  }

  void onAck(String spoolId, long ackedSeq) {
    if (!isOurs(spoolId)) {
      return;
    }
    Spool.Batch sent = inFlight;
    if (accept(ackedSeq) && sent != null && ackedSeq >= sent.firstSeq()) {
      inFlight = null; // what it has not taken is sent again from there
    }
  }

  /**
   * The batch did not follow on what the control plane has. If it has more than we knew, we go on
   * from there. If it has less, it has lost what it acknowledged, and we cannot help it: the batch
   * stays under way and is repeated slowly, until somebody has seen to it.
   */
  void onNack(String spoolId, long expectedSeq) {
    if (!isOurs(spoolId)) {
      return;
    }
    if (accept(expectedSeq - 1) && expectedSeq > firstInFlight()) {
      inFlight = null;
    }
  }

  private long firstInFlight() {
    Spool.Batch sent = inFlight;
    return sent == null ? 0 : sent.firstSeq();
  }

  private boolean accept(long ackedSeq) {
    if (ackedSeq <= sentUpTo && spool.ack(ackedSeq)) {
      return true;
    }
    LOG.error(
        "usage: the control plane has {}, expected: {} to {}; ignored",
        ackedSeq,
        spool.ackedSeq(),
        sentUpTo);
    return false;
  }

  private boolean isOurs(String spoolId) {
    if (spoolId.equals(spool.spoolId())) {
      return true;
    }
    LOG.error("usage: an answer for spool {}, which is not this node's; ignored", spoolId);
    return false;
  }
}
