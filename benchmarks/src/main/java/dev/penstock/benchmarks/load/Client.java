package dev.penstock.benchmarks.load;

import dev.penstock.benchmarks.load.LoadPlan.Reading;
import dev.penstock.benchmarks.load.LoadPlan.Repeat;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client: a connection with one stream after another on it. Confined to the loop's thread. */
final class Client {
  private static final int HELD_RECEIVE_BYTES = 64 << 10;

  private final LoadPlan plan;
  private final Owner owner;
  private final AnswerReader reader = new AnswerReader();
  private final EventCheck check = new EventCheck(this::onChunk);
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;
  private long sentNanos;
  private long readNanos;
  private boolean busy;
  private boolean held;

  /** The loop as its clients see it. */
  interface Owner {
    Tally tally();

    /** Shared by all, empty between two reads. */
    ByteBuffer scratch();

    boolean finishing();

    boolean released();

    void onIdle();
  }

  Client(LoadPlan plan, Owner owner) {
    this.plan = plan;
    this.owner = owner;
  }

  void start(Selector selector) {
    busy = true;
    held = plan.reading() == Reading.HELD && !owner.released();
    check.begin(plan.chunks());
    try {
      SocketChannel fresh = SocketChannel.open();
      channel = fresh;
      fresh.configureBlocking(false);
      fresh.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (plan.reading() == Reading.HELD) {
        fresh.setOption(StandardSocketOptions.SO_RCVBUF, HELD_RECEIVE_BYTES);
      }
      fresh.connect(plan.address());
      key = fresh.register(selector, SelectionKey.OP_CONNECT, this);
    } catch (IOException e) {
      fail("no connection");
    }
  }

  void onReady(SelectionKey ready) {
    try {
      if (ready.isConnectable()) {
        open().finishConnect();
        ready.interestOps(SelectionKey.OP_READ);
        send();
      } else if (ready.isReadable()) {
        read(ready);
      }
    } catch (IOException e) {
      fail("connection broke: " + e.getMessage());
    } catch (IllegalStateException e) {
      fail("not HTTP: " + e.getMessage());
    }
  }

  /** A held client reads on. */
  void release() {
    if (held) {
      held = false;
      if (key != null && key.isValid()) {
        key.interestOps(SelectionKey.OP_READ);
      }
    }
  }

  void close() {
    busy = false;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // It is gone either way.
      }
    }
  }

  boolean isBusy() {
    return busy;
  }

  private void send() throws IOException {
    busy = true;
    check.begin(plan.chunks());
    reader.next();
    ByteBuffer request = ByteBuffer.wrap(plan.request().bytes());
    sentNanos = System.nanoTime();
    while (request.hasRemaining()) {
      open().write(request); // far smaller than an empty socket buffer: once is enough
    }
  }

  private void read(SelectionKey ready) throws IOException {
    ByteBuffer scratch = owner.scratch();
    int count = open().read(scratch.clear());
    readNanos = System.nanoTime();
    if (count < 0) {
      reader.closed();
      ended();
      return;
    }
    int at = reader.read(scratch.array(), 0, count, check);
    if (reader.isComplete()) {
      if (at < count) {
        fail("bytes after the answer");
        return;
      }
      ended();
    } else if (held && check.hasBegun()) {
      ready.interestOps(0);
    }
  }

  private void onChunk(int number, long sentMicros) {
    Tally tally = owner.tally();
    tally.chunk(TimeUnit.NANOSECONDS.toMicros(readNanos) - sentMicros);
    if (number == 0) {
      tally.firstToken(TimeUnit.NANOSECONDS.toMicros(readNanos - sentNanos));
    }
  }

  /** The answer is complete, or the connection is. */
  private void ended() throws IOException {
    if (reader.status() != 200) {
      fail("status %d %s".formatted(reader.status(), check.errorCode()));
      return;
    }
    String fault = reader.isComplete() ? check.verdict() : "cut: " + check.verdict();
    if (fault != null) {
      fail(fault);
      return;
    }
    owner.tally().whole();
    busy = false;
    if (plan.repeat() == Repeat.CLOSED_LOOP && !owner.finishing()) {
      send();
      return;
    }
    close();
    owner.onIdle();
  }

  private void fail(String fault) {
    owner.tally().bad(fault);
    close();
    owner.onIdle();
  }

  private SocketChannel open() {
    if (channel == null) {
      throw new IllegalStateException("not started");
    }
    return channel;
  }
}
