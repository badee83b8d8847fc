package dev.penstock.benchmarks.load;

import dev.penstock.benchmarks.load.LoadPlan.Repeat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The load generator: all clients of a plan on one thread and one selector, so that it costs little
 * of the machine that it shares with what it measures.
 *
 * <p>Others talk to it through methods that run on its thread; a client that fails is counted and
 * stays away, so a gateway that breaks shows as bad streams and not as a storm of retries.
 */
public final class LoadLoop implements AutoCloseable {
  private static final int READ_BYTES = 128 << 10;
  private static final long IDLE_MILLIS = 100;

  private final LoadPlan plan;
  private final Selector selector;
  private final List<Client> clients = new ArrayList<>();
  private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
  private final CountDownLatch idle = new CountDownLatch(1);
  private final Thread thread;
  private final Clients owner = new Clients();
  private final long beganNanos = System.nanoTime();
  private int started;
  private long chunksBefore;
  private Tally tally = new Tally();
  private volatile boolean closed;

  private LoadLoop(LoadPlan plan) throws IOException {
    this.plan = plan;
    this.selector = Selector.open();
    for (int i = 0; i < plan.streams(); i++) {
      clients.add(new Client(plan, owner));
    }
    thread = Thread.ofPlatform().name("load").unstarted(this::loop);
  }

  public static LoadLoop start(LoadPlan plan) {
    try {
      LoadLoop loop = new LoadLoop(plan);
      loop.thread.start();
      return loop;
    } catch (IOException e) {
      throw new UncheckedIOException("no selector", e);
    }
  }

  /** Ends the current span and begins the next; what it saw is the answer. */
  public Tally cut() {
    return onLoop(() -> {
      Tally before = tally;
      chunksBefore += before.chunks();
      tally = new Tally();
      return before;
    });
  }

  /** Content chunks that have come until now. */
  public long chunks() {
    return onLoop(() -> chunksBefore + tally.chunks());
  }

  /** Streams that run now. */
  public int running() {
    return onLoop(() -> (int) clients.stream().filter(Client::isBusy).count());
  }

  /** Held clients read on. */
  public void release() {
    onLoop(() -> {
      owner.released = true;
      clients.forEach(Client::release);
      return true;
    });
  }

  /** Starts no further stream, and waits for those that run; those still running then are bad. */
  public Tally finish(Duration patience) {
    onLoop(() -> {
      owner.finishing = true;
      started = clients.size();
      announceIfIdle();
      return true;
    });
    awaitIdle(patience);
    onLoop(() -> {
      clients.stream()
          .filter(Client::isBusy)
          .forEach(client -> {
            tally.bad("not over after " + patience.toSeconds() + " s");
            client.close();
          });
      return true;
    });
    return cut();
  }

  /** Drops every connection. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitIdle(Duration patience) {
    try {
      boolean over = idle.await(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (!over) {
        return; // the caller counts them
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private <T> T onLoop(java.util.function.Supplier<T> order) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    orders.add(() -> answer.complete(order.get()));
    selector.wakeup();
    return answer.join();
  }

  private void loop() {
    try {
      while (!closed) {
        long wait = startDue();
        selector.select(this::ready, wait);
        obey();
      }
      clients.forEach(Client::close);
      selector.close();
      obey();
    } catch (IOException e) {
      throw new UncheckedIOException("selector", e);
    }
  }

  private void ready(SelectionKey key) {
    ((Client) key.attachment()).onReady(key);
  }

  private void obey() {
    for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
      order.run();
    }
  }

  /** Starts the clients whose time has come, and tells for how many milliseconds none is due. */
  private long startDue() {
    long gap = plan.ramp().toNanos() / clients.size();
    while (started < clients.size()) {
      long wait = beganNanos + gap * started - System.nanoTime();
      if (wait > 0) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait));
      }
      clients.get(started++).start(selector);
    }
    return IDLE_MILLIS;
  }

  private void announceIfIdle() {
    boolean noMore = owner.finishing || plan.repeat() == Repeat.ONCE;
    if (noMore && started == clients.size() && clients.stream().noneMatch(Client::isBusy)) {
      idle.countDown();
    }
  }

  private final class Clients implements Client.Owner {
    private final ByteBuffer scratch = ByteBuffer.allocate(READ_BYTES);
    private boolean finishing;
    private boolean released;

    @Override
    public Tally tally() {
      return tally;
    }

    @Override
    public ByteBuffer scratch() {
      return scratch;
    }

    @Override
    public boolean finishing() {
      return finishing;
    }

    @Override
    public boolean released() {
      return released;
    }

    @Override
    public void onIdle() {
      announceIfIdle();
    }
  }
}
