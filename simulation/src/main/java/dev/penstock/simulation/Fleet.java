package dev.penstock.simulation;

import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.simulation.Message.FromControl;
import dev.penstock.simulation.Message.FromNode;
import dev.penstock.simulation.Message.Sender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The nodes, one process and one disk each at a time, and their lines to the control plane. */
final class Fleet {

  private static final Duration RECONNECT = Duration.ofMillis(300);
  private static final Duration NOTICE = Duration.ofSeconds(3);

  private final World world;
  private final Design design;
  private final Network network;
  private final SimNode.Outside outside;
  private final List<String> names = new ArrayList<>();
  private final Map<String, SimNode> processes = new TreeMap<>();
  private final Map<String, SimDisk> disks = new TreeMap<>();
  private final Set<String> partitioned = new HashSet<>();
  private @Nullable SimControl control;
  private long incarnations;

  Fleet(World world, Scenario scenario, Design design, Network network, SimNode.Outside outside) {
    this.world = world;
    this.design = design;
    this.network = network;
    this.outside = outside;
    for (int node = 0; node < scenario.nodes(); node++) {
      names.add("node-" + node);
    }
  }

  void join(SimControl joined) {
    control = joined;
  }

  private SimControl control() {
    if (control == null) {
      throw new IllegalStateException("there is no control plane yet");
    }
    return control;
  }

  List<String> names() {
    return names;
  }

  void start() {
    names.forEach(this::startProcess);
  }

  /** The node's process; empty while it is dead. */
  Optional<SimNode> process(String name) {
    return Optional.ofNullable(processes.get(name)).filter(SimNode::isAlive);
  }

  void startProcess(String name) {
    if (process(name).isPresent()) {
      return;
    }
    SimDisk disk = disks.computeIfAbsent(name, id -> newDisk());
    processes.put(name, new SimNode(world, design, name, disk, ++incarnations, outside));
    connect(name);
  }

  private SimDisk newDisk() {
    return new SimDisk(new UUID(world.random().nextLong(), world.random().nextLong()));
  }

  /** Takes a node's disk away with its process; the id of its spool. */
  UUID loseDisk(String name) {
    SimDisk lost = disks.remove(name);
    if (lost == null) {
      throw new IllegalStateException(name + " has no disk");
    }
    return lost.spoolId;
  }

  /** Tries to open a session, until there is one. */
  private void connect(String name) {
    world.after(
        RECONNECT,
        () -> {
          Optional<SimNode> node = process(name).filter(found -> !found.isConnected());
          if (node.isEmpty()) {
            return;
          }
          if (isReachable(name)) {
            node.get().onConnected(control().greet(node.get().sender()));
          } else {
            connect(name);
          }
        });
  }

  private boolean isReachable(String name) {
    return control().isUp() && !partitioned.contains(name);
  }

  void partition(String name) {
    partitioned.add(name);
    world.after(world.exponential(NOTICE), () -> noticeIfUnreachable(name));
  }

  void heal(String name) {
    partitioned.remove(name);
    noticeLoss(name);
  }

  /** The control plane has gone away: every session breaks. */
  void onControlDown() {
    names.forEach(this::noticeLoss);
  }

  private void noticeIfUnreachable(String name) {
    if (!isReachable(name)) {
      noticeLoss(name);
    }
  }

  private void noticeLoss(String name) {
    process(name).ifPresent(SimNode::onDisconnected);
    connect(name);
  }

  void toControl(Sender from, FromNode message) {
    network.send(() -> {
      if (isReachable(from.node())) {
        control().onSaid(from, message);
      }
    });
  }

  void say(String name, FromControl message) {
    network.send(() -> {
      if (isReachable(name)) {
        process(name).ifPresent(node -> node.onSaid(message));
      }
    });
  }

  /** All faults end. */
  void calm() {
    network.calm();
    Set.copyOf(partitioned).forEach(this::heal);
    if (!control().isUp()) {
      control().start();
    }
    names.forEach(this::startProcess);
  }

  /** Records on the disks of the fleet that the control plane has not acknowledged. */
  long unacknowledged() {
    return disks.values().stream().mapToLong(disk -> disk.lastSeq() - disk.acked).sum();
  }

  /** Whether a lease is one that a process knows. */
  boolean knows(LeaseBalance lease) {
    SimDisk disk = disks.get(lease.node());
    return disk != null
        && disk.spoolId.equals(lease.spoolId())
        && disk.leases().stream()
            .anyMatch(known -> known.leaseId().equals(lease.leaseId().toString()));
  }
}
