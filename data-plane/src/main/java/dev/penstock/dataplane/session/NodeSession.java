package dev.penstock.dataplane.session;

import dev.penstock.dataplane.config.NodeConfig;
import dev.penstock.dataplane.config.NodeConfig.HostPort;
import dev.penstock.dataplane.ratelimit.SharesAsk;
import dev.penstock.dataplane.ratelimit.SharesGrant;
import dev.penstock.dataplane.session.ControlPlane.Link;
import dev.penstock.dataplane.session.NodeSessionState.Greeting;
import dev.penstock.dataplane.session.NodeSessionState.Open;
import dev.penstock.dataplane.session.NodeSessionState.Stopped;
import dev.penstock.dataplane.session.NodeSessionState.Waiting;
import dev.penstock.dataplane.snapshot.ServingSnapshot;
import dev.penstock.dataplane.snapshot.SnapshotAnswer;
import dev.penstock.kernel.lease.LeaseRecall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the conversation with the control plane going, for as long as the node lives.
 *
 * <p>One thread owns everything in here: it moves {@link NodeSessionState}, sends, and deals with
 * what comes. What other threads bring (messages, waiting exchanges, new records) is handed to it.
 * Nothing of an exchange ever waits for it but a hold that finds no money.
 */
public final class NodeSession implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NodeSession.class);

  private static final long TICK_MILLIS = 100;
  private static final long HEARTBEAT_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long GREETING_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long FAREWELL_SECONDS = 2;
  private static final byte[] NO_DIGEST = {};
  private static final String NEW_CERTIFICATE = "there is a new certificate";

  private final NodeConfig config;
  private final ControlPlane controlPlane;
  private final SessionParts parts;
  private final UsageReporter usage;
  private final ReconnectPace pace = new ReconnectPace(ThreadLocalRandom.current());
  private final long incarnation =
      ProcessHandle.current()
          .info()
          .startInstant()
          .map(java.time.Instant::toEpochMilli)
          .orElseGet(System::currentTimeMillis);
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("node-session").daemon().factory());
  private final AtomicBoolean woken = new AtomicBoolean();

  private NodeSessionState state = new Waiting(System.nanoTime());
  private int attempts;
  private long heartbeatAt;
  private String lastFailure = "";
  private final CountDownLatch farewell = new CountDownLatch(1);
  private long farewellNumber;
  private volatile SessionView view = SessionView.NEVER;

  private NodeSession(NodeConfig config, ControlPlane controlPlane, SessionParts parts) {
    this.config = config;
    this.controlPlane = controlPlane;
    this.parts = parts;
    usage = new UsageReporter(parts.spool());
  }

  /** Starts it; whether a control plane is there already does not matter. */
  public static NodeSession start(
      NodeConfig config, ControlPlane controlPlane, SessionParts parts) {
    NodeSession session = new NodeSession(config, controlPlane, parts);
    parts.leases().onWaiting(session::wake);
    parts.spool().onSendable(session::wake);
    parts.rateShares().onWaiting(session::wake);
    var unused =
        session.thread.scheduleWithFixedDelay(session::tick, 0, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return session;
  }

  /** How it stands, for gauges and readiness; may be called by any thread. */
  public SessionView view() {
    return view;
  }

  private void wake() {
    // Coalesced: a thousand waiting exchanges are one look at the desk.
    if (woken.compareAndSet(false, true)) {
      execute(() -> {
        woken.set(false);
        tick();
      });
    }
  }

  private void execute(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException stopped) {
      LOG.debug("session: stopped, {} is not told", task);
    }
  }

  private void tick() {
    try {
      move(System.nanoTime());
    } catch (RuntimeException fault) {
      // A fault must not end the thread: the session is given up and begins anew.
      LOG.error("session: fault", fault);
      giveUp(Down.FAULT, "fault of the node");
    }
  }

  private void move(long now) {
    switch (state) {
      case Waiting(long attemptAt) -> {
        if (now - attemptAt >= 0) {
          greet(now);
        }
      }
      case Greeting(Link link, long since) -> {
        if (now - since > GREETING_NANOS) {
          giveUp(Down.UNREACHABLE, "no welcome within 5 s");
        }
      }
      case Open(Link link) -> converse(link, now);
      case Stopped stopped -> {}
    }
  }

  private void greet(long now) {
    List<HostPort> addresses = config.controlPlane().addresses();
    HostPort address = addresses.get(attempts++ % addresses.size());
    Ear ear = new Ear();
    Link link = controlPlane.connect(address, ear);
    ear.link = link;
    state = state.toGreeting(link, now);
    ServingSnapshot serving = parts.current().get();
    link.send(
        new ToControl.Hello(
            config.nodeName(),
            config.region(),
            incarnation,
            serving == null ? 0 : serving.revision(),
            serving == null ? NO_DIGEST : serving.digest(),
            parts.spool().spoolId(),
            parts.spool().ackedSeq()));
  }

  private void converse(Link link, long now) {
    if (now - heartbeatAt >= 0) {
      heartbeatAt = now + HEARTBEAT_NANOS;
      link.send(
          new ToControl.Heartbeat(
              TimeUnit.NANOSECONDS.toMicros(now),
              appliedRevision(),
              parts.inflight().getAsInt(),
              parts.spool().stats().unackedBytes(),
              parts.leases().held()));
    }
    askForShares(link);
    String spoolId = parts.spool().spoolId();
    parts.leases().dueAsks().forEach(ask -> link.send(new ToControl.Ask(ask, spoolId)));
    parts.leases().dueReturns().forEach(given -> link.send(new ToControl.Return(given)));
    usage
        .next(now)
        .ifPresent(
            batch -> link.send(new ToControl.Usage(spoolId, batch, System.currentTimeMillis())));
    // After the batch, so that what the close refers to has been sent as far as it can be.
    parts.leases().dueCloses().forEach(end -> link.send(new ToControl.Close(end, spoolId)));
  }

  private void askForShares(Link link) {
    List<SharesAsk> asks = parts.rateShares().dueAsks();
    if (!asks.isEmpty()) {
      link.send(new ToControl.AskShares(asks));
    }
  }

  private long appliedRevision() {
    ServingSnapshot serving = parts.current().get();
    return serving == null ? 0 : serving.revision();
  }

  /** One link's listener; what comes from a link that is no longer ours is not heard. */
  private final class Ear implements ControlPlane.Listener {

    /** Set before the session's thread runs anything that this link brought. */
    private Link link = UNSET;

    @Override
    public void onMessage(FromControl message) {
      execute(() -> hear(message));
    }

    @Override
    public void onClosed(Down why, String sentence) {
      execute(() -> {
        if (isCurrent()) {
          giveUp(why, sentence);
        }
      });
    }

    private void hear(FromControl message) {
      if (!isCurrent()) {
        return;
      }
      try {
        NodeSession.this.hear(message, link);
      } catch (RuntimeException fault) {
        LOG.error("session: fault at {}", message.getClass().getSimpleName(), fault);
        giveUp(Down.FAULT, "fault of the node");
        return;
      }
      link.readNext();
    }

    private boolean isCurrent() {
      return switch (state) {
        case Greeting(Link greeted, long since) -> greeted == link;
        case Open(Link open) -> open == link;
        case Waiting waiting -> false;
        case Stopped stopped -> false;
      };
    }
  }

  private static final Link UNSET =
      new Link() {
        @Override
        public void send(ToControl message) {}

        @Override
        public void readNext() {}

        @Override
        public void close() {}
      };

  private void hear(FromControl message, Link link) {
    if (message instanceof FromControl.Welcome welcome) {
      open(welcome);
      return;
    }
    if (!(state instanceof Open)) {
      giveUp(Down.REFUSED, "the first answer was no welcome");
      return;
    }
    switch (message) {
      case FromControl.Welcome welcome -> {}
      case FromControl.Pong pong -> {
        view = new SessionView(true, pong.headRevision(), System.nanoTime(), Down.NONE);
        parts
            .snapshots()
            .onPong(TimeUnit.MICROSECONDS.toNanos(pong.monoMicros()), pong.headDigest());
        parts.rateShares().onCounted(pong.connectedNodes());
        parts.budgetActions().onTold(pong.budgetActions());
      }
      case FromControl.UpToDate upToDate -> parts.snapshots().onUpToDate();
      case FromControl.Chunk chunk ->
          parts.snapshots().onChunk(chunk.chunk(), answer -> execute(() -> answer(answer, link)));
      case FromControl.Revoke revoke ->
          parts.snapshots().onRevoke(revoke.revision(), revoke.keyIds());
      case FromControl.Grant grant -> parts.leases().onGrant(grant.grant());
      case FromControl.Recall(LeaseRecall recall) -> {
        parts.leases().onRecall(recall);
        wake();
      }
      case FromControl.Shares shares -> onShares(shares.shares());
      case FromControl.Closed closed -> parts.leases().onClosed(closed.leaseId());
      case FromControl.UsageAck ack -> usage.onAck(ack.spoolId(), ack.ackedSeq());
      case FromControl.UsageNack nack -> usage.onNack(nack.spoolId(), nack.expectedSeq());
      case FromControl.Unknown unknown -> {}
    }
    move(System.nanoTime()); // an answer is what the next question waited for
  }

  private void open(FromControl.Welcome welcome) {
    state = state.toOpen();
    pace.onOpen();
    lastFailure = "";
    heartbeatAt = System.nanoTime();
    parts.snapshots().onDeliveryKey(welcome.deliveryKey());
    parts.leases().onConnected();
    parts.rateShares().onConnected(welcome.lendsRateShares());
    usage.onWelcome(welcome.ackedSeq());
    view = new SessionView(true, view.headRevision(), System.nanoTime(), Down.NONE);
    LOG.info("session: open");
    move(System.nanoTime());
  }

  private void answer(SnapshotAnswer answer, Link link) {
    if (state instanceof Open(Link open) && open == link) {
      link.send(new ToControl.Answer(answer));
    }
  }

  private void giveUp(Down why, String reason) {
    switch (state) {
      case Greeting(Link link, long since) -> link.close();
      case Open(Link link) -> link.close();
      case Waiting waiting -> {
        return;
      }
      case Stopped stopped -> {
        return;
      }
    }
    long now = System.nanoTime();
    state = state.toWaiting(now + pace.delayNanos(now));
    if (why == Down.STARTING) {
      parts.leases().onReconnecting();
    } else {
      parts.leases().onDisconnected();
    }
    parts.snapshots().onDisconnected();
    parts.rateShares().onDisconnected();
    view = new SessionView(false, view.headRevision(), view.lastHeardNanos(), why);
    if (!reason.equals(lastFailure)) {
      // Once per reason, not per attempt: an outage is one line, however long it lasts.
      LOG.warn("session: {}; trying again", reason);
      lastFailure = reason;
    }
  }

  /**
   * Connects at once, and anew where a session is open: there is another certificate. What was said
   * and not answered is said again, as after every break; running streams do not notice.
   */
  public void reconnect() {
    execute(() -> {
      pace.onOpen();
      if (!(state instanceof Waiting)) {
        LOG.info("session: connecting with the new certificate");
        lastFailure = NEW_CERTIFICATE;
        giveUp(Down.STARTING, NEW_CERTIFICATE);
      }
      if (state instanceof Waiting) {
        state = new Waiting(System.nanoTime());
        tick();
      }
    });
  }

  /** So that others have them at once; else they would when this node has been silent for long. */
  private void giveSharesBack() {
    List<SharesAsk> last =
        state instanceof Open ? parts.rateShares().release() : List.<SharesAsk>of();
    if (last.isEmpty() || !(state instanceof Open(Link link))) {
      farewell.countDown();
      return;
    }
    farewellNumber = last.getLast().ask().number();
    link.send(new ToControl.AskShares(last));
  }

  private void onShares(List<SharesGrant> shares) {
    parts.rateShares().onGrants(shares);
    if (shares.stream().anyMatch(share -> share.grant().number() == farewellNumber)) {
      farewell.countDown();
    }
  }

  /**
   * Ends the session; the control plane keeps what it has. Waits a moment until it has heard what
   * the node gives back: closing the line takes along what is not written yet.
   */
  @Override
  public void close() {
    execute(this::giveSharesBack);
    try {
      if (!farewell.await(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("session: the control plane did not hear which shares of limits are free again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    execute(() -> {
      giveUp(Down.NONE, "the node stops");
      state = state.toStopped();
    });
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("session: did not end within 5 s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
