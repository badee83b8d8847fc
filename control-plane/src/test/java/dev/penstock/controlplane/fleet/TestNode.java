package dev.penstock.controlplane.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.ByteString;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.kit.TestPki;
import dev.penstock.controlplane.kit.TestPki.PemFiles;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceTree;
import dev.penstock.proto.fleet.v1.ControlMessage;
import dev.penstock.proto.fleet.v1.ControlMessage.MessageCase;
import dev.penstock.proto.fleet.v1.Heartbeat;
import dev.penstock.proto.fleet.v1.Hello;
import dev.penstock.proto.fleet.v1.NodeMessage;
import dev.penstock.proto.fleet.v1.NodeSessionGrpc;
import dev.penstock.proto.snapshot.v1.ResourceError;
import dev.penstock.proto.snapshot.v1.SnapshotAck;
import dev.penstock.proto.snapshot.v1.SnapshotChunk;
import dev.penstock.proto.snapshot.v1.SnapshotKind;
import dev.penstock.proto.snapshot.v1.SnapshotNack;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A node's end of a session over real TLS, driven by hand. */
public final class TestNode implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 10;

  final String name;
  final String region;
  final UUID spoolId;
  public final CompletableFuture<Status> ended = new CompletableFuture<>();

  private final BlockingQueue<ControlMessage> heard = new LinkedBlockingQueue<>();
  private final ManagedChannel channel;
  private final StreamObserver<NodeMessage> line;

  /** What it has. */
  private ResourceTree tree = ResourceTree.empty();

  /** What it had before. */
  private ResourceTree previous = tree;

  /** The revision that it has put in force. */
  private long applied;

  /** What a node has once all chunks are there, and of a delta what it was made on. */
  record Received(SnapshotChunk last, List<Resource> resources) {}

  private TestNode(String name, String region, UUID spoolId, ManagedChannel channel) {
    this.name = name;
    this.region = region;
    this.spoolId = spoolId;
    this.channel = channel;
    line = NodeSessionGrpc.newStub(channel).connect(new Ear());
  }

  /** Connects with a certificate for the node; says nothing. */
  public static TestNode connect(TestPki pki, String region, String name, UUID spoolId) {
    return connect(pki.authority(), pki.node(region, name), region, name, spoolId);
  }

  public static TestNode connect(
      Path authority, @Nullable PemFiles own, String region, String name, UUID spoolId) {
    try {
      TlsChannelCredentials.Builder credentials =
          TlsChannelCredentials.newBuilder().trustManager(authority.toFile());
      if (own != null) {
        credentials.keyManager(own.certificate().toFile(), own.key().toFile());
      }
      int port = TestDatabase.grpcPort();
      ManagedChannel channel =
          Grpc.newChannelBuilderForAddress("localhost", port, credentials.build()).build();
      return new TestNode(name, region, spoolId, channel);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Calls once more over the same connection; says nothing. */
  TestNode callAgain() {
    return new TestNode(name, region, spoolId, channel);
  }

  public Hello.Builder hello() {
    return Hello.newBuilder()
        .setNodeName(name)
        .setRegion(region)
        .setIncarnation(1000)
        .setSchemaMax(1)
        .setSpoolId(spoolId.toString())
        .setBuild("test")
        .setTakesDelta(true);
  }

  public TestNode say(NodeMessage.Builder message) {
    line.onNext(message.build());
    return this;
  }

  public TestNode sayHello() {
    return say(NodeMessage.newBuilder().setHello(hello()));
  }

  public TestNode beat() {
    return say(
        NodeMessage.newBuilder()
            .setHeartbeat(Heartbeat.newBuilder().setMonoMicros(42).setAppliedRevision(applied)));
  }

  /** The next message, which has to be of a kind. */
  public ControlMessage hear(MessageCase expected) {
    try {
      ControlMessage message = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (message == null) {
        return fail("no %s came; ended: %s", expected, ended.getNow(Status.OK));
      }
      assertThat(message.getMessageCase()).isEqualTo(expected);
      return message;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All chunks of the next snapshot, and nothing else between them. */
  Received hearSnapshot() {
    List<Resource> resources = new ArrayList<>();
    List<String> removed = new ArrayList<>();
    SnapshotChunk chunk;
    int index = 0;
    do {
      chunk = hear(MessageCase.SNAPSHOT_CHUNK).getSnapshotChunk();
      assertThat(chunk.getChunkIndex()).isEqualTo(index++);
      chunk
          .getResourcesList()
          .forEach(
              each -> resources.add(new Resource(each.getKey(), each.getPayload().toByteArray())));
      removed.addAll(chunk.getRemovedKeysList());
    } while (index < chunk.getChunkCount());
    boolean delta = chunk.getKind() == SnapshotKind.SNAPSHOT_KIND_DELTA;
    assertThat(chunk.getBaseDigest().toByteArray()).isEqualTo(delta ? tree.digest() : new byte[0]);
    previous = tree;
    tree = (delta ? tree : ResourceTree.empty()).with(resources, removed);
    assertThat(tree.digest()).isEqualTo(chunk.getDigest().toByteArray());
    return new Received(chunk, tree.resources());
  }

  TestNode ack(Received received) {
    applied = received.last().getRevision();
    return say(
        NodeMessage.newBuilder()
            .setSnapshotAck(
                SnapshotAck.newBuilder()
                    .setNonce(received.last().getNonce())
                    .setRevision(received.last().getRevision())
                    .setDigest(received.last().getDigest())));
  }

  /** Refuses what came, and goes on with what it had. */
  TestNode refuse(Received received) {
    tree = previous;
    return say(
        NodeMessage.newBuilder()
            .setSnapshotNack(
                SnapshotNack.newBuilder()
                    .setNonce(received.last().getNonce())
                    .setRevision(received.last().getRevision())
                    .addErrors(
                        ResourceError.newBuilder()
                            .setResourceKey("tenant/acme/policy")
                            .setCode("UNKNOWN_FEATURE")
                            .setMessage("requires guards"))));
  }

  /** Nothing more has come by the time a heartbeat is answered. */
  TestNode hearNothingButPong() {
    beat();
    hear(MessageCase.PONG);
    return this;
  }

  public Status.Code end() {
    try {
      return ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getCode();
    } catch (Exception e) { // whatever it is, the session did not end as it should
      throw new AssertionError("the session did not end", e);
    }
  }

  static ByteString bytes(byte[] value) {
    return ByteString.copyFrom(value);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private final class Ear implements StreamObserver<ControlMessage> {
    @Override
    public void onNext(ControlMessage message) {
      heard.add(message);
    }

    @Override
    public void onError(Throwable failure) {
      ended.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      ended.complete(Status.OK);
    }
  }
}
