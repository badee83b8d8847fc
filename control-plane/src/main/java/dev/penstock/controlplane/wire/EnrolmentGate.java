package dev.penstock.controlplane.wire;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps strangers from wearing the control plane out with the one call that needs no certificate:
 * so many at once, so many from one address in a while, and each for so long. Guessing a token is
 * hopeless anyway; this protects the database, the processor and the memory.
 */
@Singleton
final class EnrolmentGate implements ServerInterceptor {

  static final int AT_ONCE = 64;

  /** From one address. */
  static final int BURST = 30;

  /** One more each; a fleet behind one address joins at this pace after its burst. */
  static final Duration REFILL = Duration.ofMillis(200);

  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final int MAX_ADDRESSES = 10_000;

  private final LongSupplier nanos;

  /** The one that tried longest ago comes first. */
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("enrolment-timer").factory());
  private int running;

  @Inject
  EnrolmentGate() {
    this(System::nanoTime);
  }

  EnrolmentGate(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @PreDestroy
  void stop() {
    timer.shutdownNow();
  }

  /** What an address may still do: {@code left} as of {@code at}. */
  private record Bucket(double left, long at) {

    Bucket at(long now) {
      return new Bucket(Math.min(BURST, left + (double) (now - at) / REFILL.toNanos()), now);
    }

    boolean isFullAt(long now) {
      return at(now).left() >= BURST;
    }
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!enter(address(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)))) {
      return NodeGuard.refuse(
          call, Status.RESOURCE_EXHAUSTED, "too many enrolments at once: try again in a moment");
    }
    Limited<Q, A> limited = new Limited<>(call);
    ScheduledFuture<?> end =
        timer.schedule(limited::timeOut, LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    return new Leaving<>(next.startCall(limited, headers), end);
  }

  /** Whether one more may start; whoever does leaves again. */
  synchronized boolean enter(String address) {
    long now = nanos.getAsLong();
    Bucket bucket = buckets.getOrDefault(address, new Bucket(BURST, now)).at(now);
    if (running >= AT_ONCE || bucket.left() < 1 || !hasRoomFor(address, now)) {
      return false;
    }
    buckets.put(address, new Bucket(bucket.left() - 1, now));
    running++;
    return true;
  }

  private boolean hasRoomFor(String address, long now) {
    if (buckets.size() < MAX_ADDRESSES || buckets.containsKey(address)) {
      return true;
    }
    // Only from the front: somebody with many addresses must not have all of them looked at each
    // time.
    Iterator<Bucket> eldest = buckets.values().iterator();
    while (eldest.hasNext() && eldest.next().isFullAt(now)) {
      eldest.remove();
    }
    return buckets.size() < MAX_ADDRESSES;
  }

  synchronized void leave() {
    running--;
  }

  private static String address(@Nullable SocketAddress from) {
    return from instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : "unknown";
  }

  /** Is closed by its answer or by the timer, whichever is first. */
  private static final class Limited<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private final AtomicBoolean over = new AtomicBoolean();

    Limited(ServerCall<Q, A> call) {
      super(call);
    }

    void timeOut() {
      close(
          Status.DEADLINE_EXCEEDED.withDescription(
              "enrolment takes at most " + LONGEST.toSeconds() + " s"),
          new Metadata());
    }

    @Override
    public void sendMessage(A message) {
      if (!over.get()) {
        super.sendMessage(message);
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (over.compareAndSet(false, true)) {
        super.close(status, trailers);
      }
    }
  }

  /** Leaves when the call is over: exactly one of both is called, however it ends. */
  private final class Leaving<Q> extends SimpleForwardingServerCallListener<Q> {

    private final ScheduledFuture<?> end;

    Leaving(ServerCall.Listener<Q> call, ScheduledFuture<?> end) {
      super(call);
      this.end = end;
    }

    @Override
    public void onComplete() {
      left();
      super.onComplete();
    }

    @Override
    public void onCancel() {
      left();
      super.onCancel();
    }

    private void left() {
      end.cancel(false);
      leave();
    }
  }
}
