package dev.penstock.simulation;

import dev.penstock.kernel.lease.Lease;
import dev.penstock.kernel.lease.LeaseGrant;
import dev.penstock.kernel.lease.NodeLeases;
import dev.penstock.simulation.Message.FromControl;
import dev.penstock.simulation.Message.FromNode;
import dev.penstock.simulation.Message.Sender;
import dev.penstock.simulation.SimTraffic.Request;
import java.time.Duration;
import java.util.List;

/** One process of a node: the shell around the kernel's {@link NodeLeases}. */
final class SimNode {

  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration REPEAT = Duration.ofSeconds(1);
  private static final int MAX_BATCH = 64;

  /** Whom a process tells of what happens outside of it. */
  interface Outside {

    /** Sends to the control plane; nobody knows whether it arrives. */
    void send(Sender from, FromNode message);

    /** A provider is asked with the money of these leases, or goes on with more of it. */
    void onCovered(List<String> leaseIds, long held, long spent);

    void onAdmitted(Request request);

    void onRefused(Request request);
  }

  private final World world;
  private final Design design;
  private final Outside outside;
  private final SimDisk disk;
  private final Sender sender;
  private final double clockRate;
  private final NodeLeases leases;
  private final SimTraffic traffic;
  private boolean alive = true;
  private boolean connected;
  private long pausedUntil;
  private long heardAt;
  private long batchSentAt = Long.MIN_VALUE / 2;

  SimNode(
      World world, Design design, String name, SimDisk disk, long incarnation, Outside outside) {
    this.world = world;
    this.design = design;
    this.outside = outside;
    this.disk = disk;
    sender = new Sender(name, disk.spoolId, incarnation);
    clockRate = world.random().nextDouble(0.7, 1.3);
    leases =
        new NodeLeases(
            disk,
            () ->
                new java.util.UUID(world.random().nextLong(), world.random().nextLong())
                    .toString());
    traffic = new SimTraffic(this, world, design, outside, disk, leases);
    disk.recover();
    leases.restore(disk.leases());
    heardAt = clock();
    world.after(TICK, this::tick);
  }

  Sender sender() {
    return sender;
  }

  SimDisk disk() {
    return disk;
  }

  boolean isAlive() {
    return alive;
  }

  boolean isConnected() {
    return connected;
  }

  /** When the control plane said something last, by this machine's clock. */
  long heardAt() {
    return heardAt;
  }

  void arrive(Request request) {
    traffic.arrive(request);
  }

  List<Lease> leases() {
    return leases.leases();
  }

  /** SIGKILL: nothing more happens here. */
  void kill() {
    alive = false;
  }

  /** The machine stands still, and does not know it. */
  void pause(Duration length) {
    pausedUntil = Math.max(pausedUntil, world.now() + length.toNanos());
  }

  void onConnected(long ackedSeq) {
    when(() -> {
      connected = true;
      heardAt = clock();
      disk.acked = Math.max(disk.acked, ackedSeq);
      batchSentAt = Long.MIN_VALUE / 2;
      leases.onConnected();
      converse();
    });
  }

  void onDisconnected() {
    connected = false;
    leases.onDisconnected();
  }

  /** Does something now, or when the machine goes on; never once the process is dead. */
  void when(Runnable what) {
    if (!alive) {
      return;
    }
    if (world.now() < pausedUntil) {
      world.after(Duration.ofNanos(pausedUntil - world.now()), () -> when(what));
      return;
    }
    what.run();
  }

  /** Monotonic nanoseconds by this machine's own idea of a second. */
  long clock() {
    return (long) (world.now() * clockRate);
  }

  private void tick() {
    when(() -> {
      traffic.serveWaiting();
      if (connected) {
        converse();
      }
    });
    if (alive) {
      world.after(TICK, this::tick);
    }
  }

  void converse() {
    long now = clock();
    outside.send(sender, new Message.Alive());
    leases.dueAsks(now).forEach(ask -> outside.send(sender, new Message.Ask(ask)));
    leases.dueReturns(now).forEach(given -> outside.send(sender, new Message.Return(given)));
    if (disk.acked < disk.lastSeq() && now - batchSentAt >= REPEAT.toNanos()) {
      batchSentAt = now;
      outside.send(sender, new Message.Used(disk.acked + 1, disk.from(disk.acked + 1, MAX_BATCH)));
    }
    leases.dueCloses(now).forEach(end -> outside.send(sender, new Message.End(end)));
  }

  /** The control plane has said something. */
  void onSaid(FromControl said) {
    when(() -> {
      heardAt = clock();
      switch (said) {
        case Message.Grant(LeaseGrant grant, long added) ->
            leases.onGrant(design == Design.DELTA_GRANTS ? delta(grant, added) : grant, clock());
        case Message.Recall(var recall) -> leases.onRecall(recall);
        case Message.Closed(String leaseId) -> leases.onClosed(leaseId);
        case Message.Acked(var spoolId, long acked) -> {
          if (spoolId.equals(disk.spoolId) && acked > disk.acked) {
            disk.acked = acked;
            batchSentAt = Long.MIN_VALUE / 2;
          }
        }
      }
      traffic.serveWaiting();
    });
  }

  private LeaseGrant delta(LeaseGrant grant, long added) {
    long known =
        leases.leases().stream()
            .filter(lease -> lease.leaseId().equals(grant.leaseId()))
            .mapToLong(Lease::granted)
            .findFirst()
            .orElse(0);
    return new LeaseGrant(
        grant.leaseId(),
        known + added,
        grant.returnedTotal(),
        grant.recallTotal(),
        grant.state(),
        grant.windowRemainingMillis(),
        grant.retryAfterMillis(),
        grant.windowAvailable(),
        grant.windowLimit());
  }
}
