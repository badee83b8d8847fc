package dev.penstock.it.kit;

import com.google.protobuf.ByteString;
import dev.penstock.cli.installation.NodeName;
import dev.penstock.cli.pki.DevelopmentPki;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceTree;
import dev.penstock.proto.budget.v1.LeaseGrant;
import dev.penstock.proto.budget.v1.LeaseRequest;
import dev.penstock.proto.fleet.v1.ControlMessage;
import dev.penstock.proto.fleet.v1.Heartbeat;
import dev.penstock.proto.fleet.v1.Hello;
import dev.penstock.proto.fleet.v1.NodeMessage;
import dev.penstock.proto.fleet.v1.NodeSessionGrpc;
import dev.penstock.proto.snapshot.v1.SnapshotAck;
import dev.penstock.proto.snapshot.v1.SnapshotChunk;
import dev.penstock.proto.snapshot.v1.SnapshotKind;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The session of a node without the rest of it: mutual TLS with a certificate of its own, deltas
 * put together and held against their digest, acknowledgements. It connects again half a second
 * after it has lost its line, for as long as it is open.
 */
public final class SimulatedNode implements AutoCloseable {

  private static final int RETRY_MILLIS = 500;

  private final NodeName name;
  private final UUID spoolId = UUID.randomUUID();
  private final long incarnation = System.currentTimeMillis();
  private final ManagedChannel channel;
  private final ScheduledExecutorService timer;
  private final Trees trees;
  private final ConcurrentMap<Long, Long> inForceAt = new ConcurrentHashMap<>();
  private final AtomicLong revision = new AtomicLong();
  private final AtomicLong deltaBytes = new AtomicLong();
  private final AtomicLong wholes = new AtomicLong();
  private final AtomicLong upToDates = new AtomicLong();
  private final ConcurrentMap<String, Long> granted = new ConcurrentHashMap<>();
  private final AtomicLong grants = new AtomicLong();
  private volatile @Nullable StreamObserver<NodeMessage> current;
  private volatile ResourceTree tree = ResourceTree.empty();
  private volatile boolean open = true;

  /** What nodes of this process share, as equal digests mean equal trees. */
  public static final class Trees {
    private final ConcurrentMap<String, ResourceTree> byDigest = new ConcurrentHashMap<>();

    ResourceTree of(byte[] digest, Supplier<ResourceTree> made) {
      return byDigest.computeIfAbsent(HexFormat.of().formatHex(digest), missing -> made.get());
    }
  }

  private SimulatedNode(
      NodeName name, ManagedChannel channel, ScheduledExecutorService timer, Trees trees) {
    this.name = name;
    this.channel = channel;
    this.timer = timer;
    this.trees = trees;
  }

  /** Connects to the control plane that listens on a port. */
  public static SimulatedNode connect(
      PenstockTester tester, int port, NodeName name, ScheduledExecutorService timer, Trees trees) {
    DevelopmentPki pki = new DevelopmentPki(tester.installation().pki(), InstantSource.system());
    try {
      ChannelCredentials credentials =
          TlsChannelCredentials.newBuilder()
              .trustManager(pki.root().toFile())
              .keyManager(pki.node(name).certificate().toFile(), pki.node(name).key().toFile())
              .build();
      SimulatedNode node =
          new SimulatedNode(
              name,
              Grpc.newChannelBuilderForAddress("127.0.0.1", port, credentials).build(),
              timer,
              trees);
      node.greet();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the certificate of " + name, e);
    }
  }

  /** Where the installation's own control plane listens for nodes. */
  public static int portOf(PenstockTester tester) {
    return Integer.parseInt(
        tester.process("control-plane").spec().environment().get("PENSTOCK_GRPC_PORT"));
  }

  private void greet() {
    if (!open) {
      return;
    }
    channel.resetConnectBackoff(); // this pace is ours
    Ear ear = new Ear();
    StreamObserver<NodeMessage> line = NodeSessionGrpc.newStub(channel).connect(ear);
    current = line;
    line.onNext(
        NodeMessage.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setNodeName(name.toString())
                    .setRegion(name.region())
                    .setIncarnation(incarnation)
                    .setSchemaMax(1)
                    .setAppliedRevision(revision.get())
                    .setAppliedDigest(
                        ByteString.copyFrom(tree.size() == 0 ? new byte[0] : tree.digest()))
                    .setSpoolId(spoolId.toString())
                    .setBuild("simulated")
                    .setTakesDelta(true))
            .build());
  }

  /** A sign of life; without them its leases are set apart. */
  public void beat() {
    say(
        NodeMessage.newBuilder()
            .setHeartbeat(Heartbeat.newBuilder().setAppliedRevision(revision.get())));
  }

  /** Asks that a lease of a budget come to so much in all, nano-USD. */
  public void ask(UUID leaseId, UUID budgetId, long total) {
    long has = granted.getOrDefault(leaseId.toString(), 0L);
    say(
        NodeMessage.newBuilder()
            .setLeaseRequest(
                LeaseRequest.newBuilder()
                    .setLeaseId(leaseId.toString())
                    .setBudgetId(budgetId.toString())
                    .setSpoolId(spoolId.toString())
                    .setGrantedTotalNanoUsd(has)
                    .setNeedTotalNanoUsd(total)
                    .setWantTotalNanoUsd(total)));
  }

  /** Answers to asks that have come. */
  public long grants() {
    return grants.get();
  }

  /** What has been granted on all leases, nano-USD. */
  public long granted() {
    return granted.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The line takes one at a time. */
  private synchronized void say(NodeMessage.Builder message) {
    StreamObserver<NodeMessage> line = current;
    if (line != null) {
      line.onNext(message.build());
    }
  }

  /** The revision in force; 0: none. */
  public long revision() {
    return revision.get();
  }

  /** {@link System#nanoTime} when a revision came in force; null while it has not. */
  public @Nullable Long inForceAt(long wanted) {
    return inForceAt.get(wanted);
  }

  /** Bytes of all deltas that have come, as messages. */
  public long deltaBytes() {
    return deltaBytes.get();
  }

  public long wholes() {
    return wholes.get();
  }

  public long upToDates() {
    return upToDates.get();
  }

  @Override
  public void close() {
    open = false;
    channel.shutdownNow();
  }

  private final class Ear implements StreamObserver<ControlMessage> {

    private final List<Resource> resources = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();

    @Override
    public void onNext(ControlMessage message) {
      switch (message.getMessageCase()) {
        case UP_TO_DATE -> {
          upToDates.incrementAndGet();
          serves(message.getUpToDate().getRevision());
        }
        case SNAPSHOT_CHUNK -> take(message.getSnapshotChunk());
        case LEASE_GRANT -> {
          LeaseGrant grant = message.getLeaseGrant();
          granted.merge(grant.getLeaseId(), grant.getGrantedTotalNanoUsd(), Math::max);
          grants.incrementAndGet();
        }
        default -> {}
      }
    }

    private void take(SnapshotChunk chunk) {
      boolean delta = chunk.getKind() == SnapshotKind.SNAPSHOT_KIND_DELTA;
      if (delta) {
        deltaBytes.addAndGet(chunk.getSerializedSize());
      }
      chunk
          .getResourcesList()
          .forEach(
              each -> resources.add(new Resource(each.getKey(), each.getPayload().toByteArray())));
      removed.addAll(chunk.getRemovedKeysList());
      if (chunk.getChunkIndex() + 1 < chunk.getChunkCount()) {
        return;
      }
      if (!delta) {
        wholes.incrementAndGet();
      }
      ResourceTree base = delta ? tree : ResourceTree.empty();
      byte[] digest = chunk.getDigest().toByteArray();
      tree = trees.of(digest, () -> base.with(List.copyOf(resources), List.copyOf(removed)));
      if (!Arrays.equals(tree.digest(), digest)) {
        throw new AssertionError(name + ": what came is not what the digest says");
      }
      resources.clear();
      removed.clear();
      serves(chunk.getRevision());
      say(
          NodeMessage.newBuilder()
              .setSnapshotAck(
                  SnapshotAck.newBuilder()
                      .setNonce(chunk.getNonce())
                      .setRevision(chunk.getRevision())
                      .setDigest(chunk.getDigest())));
    }

    private void serves(long newer) {
      inForceAt.putIfAbsent(newer, System.nanoTime());
      revision.set(newer);
    }

    @Override
    public void onError(Throwable lost) {
      if (open) {
        timer.schedule(SimulatedNode.this::greet, RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public void onCompleted() {
      onError(new IllegalStateException("ended"));
    }
  }
}
