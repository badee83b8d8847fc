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

  /** A batch that is not answered for so long is sent again. */
  private static final long REPEAT_NANOS = 10_000_000_000L;

  private final Spool spool;
  private Spool.@Nullable Batch inFlight;
  private long sentAt;

  UsageReporter(Spool spool) {
    this.spool = spool;
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
    Optional<Spool.Batch> batch = spool.batch(spool.ackedSeq() + 1, MAX_RECORDS, MAX_BYTES);
    batch.ifPresent(found -> {
      inFlight = found;
      sentAt = now;
    });
    return batch;
  }

  void onAck(String spoolId, long ackedSeq) {
    if (!isOurs(spoolId)) {
      return;
    }
    Spool.Batch sent = inFlight;
    if (sent != null && ackedSeq > sent.lastSeq()) {
      LOG.error("usage: {} acknowledged, {} sent; ignored", ackedSeq, sent.lastSeq());
      return;
    }
    if (accept(ackedSeq) && sent != null && ackedSeq == sent.lastSeq()) {
      inFlight = null;
    }
  }

  /** The control plane lacks what comes before the batch: it is sent from there, if we can. */
  void onNack(String spoolId, long expectedSeq) {
    if (!isOurs(spoolId)) {
      return;
    }
    inFlight = null;
    if (expectedSeq != spool.ackedSeq() + 1) {
      accept(expectedSeq - 1);
    }
  }

  private boolean accept(long ackedSeq) {
    if (ackedSeq == spool.ackedSeq() || spool.ack(ackedSeq)) {
      return true;
    }
    LOG.error(
        "usage: {} acknowledged, which is below {} or above what was sent; ignored",
        ackedSeq,
        spool.ackedSeq());
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
