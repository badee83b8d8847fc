package dev.penstock.controlplane.fleet;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a session's batches are committed, one after the other, beside the session's own thread. It
 * is short: with {@value #ROOM} waiting the session stops listening.
 */
final class UsageLane {

  private static final int ROOM = 4;

  private final ExecutorService thread;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Runnable onRoom;

  UsageLane(String node, Runnable onRoom) {
    thread =
        Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("usage of " + node + " ", 0).factory());
    this.onRoom = onRoom;
  }

  void run(Runnable work) {
    waiting.incrementAndGet();
    try {
      thread.execute(() -> {
        try {
          work.run();
        } finally {
          waiting.decrementAndGet();
          onRoom.run();
        }
      });
    } catch (RejectedExecutionException closed) {
      waiting.decrementAndGet(); // the session is over; the node sends it again
    }
  }

  boolean hasRoom() {
    return waiting.get() < ROOM;
  }

  /** Lets what is being committed finish; nothing else begins. */
  void close() {
    thread.shutdown();
  }
}
