package dev.penstock.dataplane.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The spool's own thread: everything that waits for the disk. Each pass brings new lines to the
 * disk, keeps spare segments ready, and removes what the control plane has confirmed.
 *
 * <p>A sync that failed is never repeated on the same file, because the kernel forgets pages that
 * it could not write: the segment's lines are copied from memory to a new file, and nothing is
 * admitted until that one has been synced.
 */
final class SpoolKeeper implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolKeeper.class);

  /** Holds that are moved out of an old segment in one pass. */
  private static final int MOVED_PER_PASS = 512;

  private final Spool spool;
  private final SpoolFolder folder;
  private final SpoolLimits limits;
  private final Disk disk;
  private final Thread thread = Thread.ofPlatform().name("spool").daemon().unstarted(this::run);
  private volatile boolean closing;
  private volatile @Nullable Runnable listener;
  private Cursor written = Cursor.START;
  private @Nullable CursorFile cursorFile;
  private boolean complained;

  SpoolKeeper(Spool spool, SpoolFolder folder, SpoolLimits limits, Disk disk) {
    this.spool = spool;
    this.folder = folder;
    this.limits = limits;
    this.disk = disk;
  }

  void start() {
    thread.start();
    wake(); // the first spare
  }

  /** Asks for a pass now instead of at the next interval. */
  void wake() {
    LockSupport.unpark(thread);
  }

  void onSendable(Runnable newListener) {
    listener = newListener;
  }

  private void run() {
    while (!closing) {
      LockSupport.parkNanos(this, limits.syncEvery().toNanos());
      attemptPass();
    }
  }

  private void attemptPass() {
    try {
      pass();
      complained = false;
    } catch (IOException e) {
      if (!complained) {
        // One line per outage: the next pass tries again, and the gauges tell the rest.
        LOG.error("spool: the disk refuses: {}", e.toString());
        complained = true;
      }
    }
  }

  /** One round of everything. */
  private void pass() throws IOException {
    sync();
    while (spool.wantsSpare()) {
      spool.addSpare(newSegment());
    }
    spool.moveOldHolds(written.acked(), MOVED_PER_PASS);
    removeConfirmed();
  }

  /** Brings everything to the disk; also the last step of opening, before the thread runs. */
  void sync() throws IOException {
    Spool.SyncPlan plan = spool.planSync();
    for (Spool.Dirty dirty : plan.dirty()) {
      if (dirty.segment().isBad()) {
        rewrite(dirty.segment());
        return; // what was appended meanwhile is covered by the next pass
      }
      try {
        disk.force(dirty.segment(), dirty.end());
      } catch (IOException e) {
        spool.onSick(dirty.segment());
        throw e;
      }
      spool.onSynced(dirty);
    }
    if (!plan.healthy()) {
      spool.onCured();
    }
    Cursor cursor = new Cursor(plan.acked(), plan.lastSeq());
    if (!cursor.equals(written)) {
      write(cursor);
    }
    spool.onSendable(plan.lastSeq());
    Runnable told = listener;
    if (told != null && plan.lastSeq() > plan.acked()) {
      told.run();
    }
  }

  private void write(Cursor cursor) throws IOException {
    CursorFile file = cursorFile == null ? CursorFile.open(folder.cursorFile()) : cursorFile;
    cursorFile = null; // a failure to write leaves it in no known state
    try {
      file.write(cursor);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    cursorFile = file;
    written = cursor;
  }

  private void rewrite(Segment failed) throws IOException {
    Segment copy = newSegment();
    spool.replace(failed, copy);
    spool.release(failed);
    Files.deleteIfExists(failed.path());
    LOG.warn("spool: {} was rewritten as {}", failed.path(), copy.path());
    wake();
  }

  private void removeConfirmed() throws IOException {
    // The cursor that allows it is on the disk by now; the other order would lose the position.
    for (Segment gone = spool.dropOldest(written.acked());
        gone != null;
        gone = spool.dropOldest(written.acked())) {
      spool.release(gone);
      Files.deleteIfExists(gone.path());
    }
  }

  Segment newSegment() throws IOException {
    Path path = folder.newSegmentFile();
    disk.allocate(path, limits.segmentBytes());
    return Segment.spare(path);
  }

  /** For recovery, which writes what it has to whatever the cap says. */
  void provideSpare() throws IOException {
    if (spool.lacksSpare()) {
      spool.addSpare(newSegment());
    }
  }

  @Override
  public void close() {
    closing = true;
    wake();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    attemptPass();
    if (cursorFile != null) {
      try {
        cursorFile.close();
      } catch (IOException e) {
        LOG.debug("spool: the cursor's file does not close: {}", e.toString());
      }
    }
  }
}
