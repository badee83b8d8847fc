package dev.penstock.dataplane.exchange;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that the bodies of all requests of a node may take together, also of those that are
 * still on their way. Each is bounded in size and time, but a thousand clients may send at once,
 * and slowly. Shared by all event loops.
 */
public final class BodyRoom {

  /** The rest of the heap is for what becomes of the bodies, and for everything else. */
  private static final int PART_OF_HEAP = 4;

  private final long bytes;
  private final AtomicLong taken = new AtomicLong();

  private BodyRoom(long bytes) {
    this.bytes = bytes;
  }

  /** A quarter of the heap, and in any case enough for one body. */
  public static BodyRoom inHeap(int maxBodyBytes) {
    return new BodyRoom(Math.max(maxBodyBytes, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
  }

  /** For the body of one request. */
  public Share share() {
    return new Share();
  }

  public long bytes() {
    return bytes;
  }

  /** What all bodies take now, in bytes. */
  public long taken() {
    return taken.get();
  }

  /** What one body takes; confined to its event loop. */
  public final class Share {
    private long held;

    private Share() {}

    /** Takes room for so many bytes more; false if there is none. */
    public boolean tryTake(int more) {
      if (taken.addAndGet(more) > bytes) {
        taken.addAndGet(-more);
        return false;
      }
      held += more;
      return true;
    }

    /** The body is not needed any more; may be said twice. */
    public void giveBack() {
      taken.addAndGet(-held);
      held = 0;
    }
  }
}
