package dev.penstock.dataplane.session;

import com.google.protobuf.ByteString;
import dev.penstock.dataplane.snapshot.SnapshotChunk;
import dev.penstock.dataplane.snapshot.SnapshotKit;
import dev.penstock.kernel.usage.UsageWatermark;
import dev.penstock.kernel.usage.UsageWatermark.Verdict;
import dev.penstock.proto.budget.v1.LeaseClosed;
import dev.penstock.proto.budget.v1.LeaseGrant;
import dev.penstock.proto.budget.v1.LeaseRequest;
import dev.penstock.proto.budget.v1.LeaseState;
import dev.penstock.proto.fleet.v1.ControlMessage;
import dev.penstock.proto.fleet.v1.Hello;
import dev.penstock.proto.fleet.v1.NodeMessage;
import dev.penstock.proto.fleet.v1.NodeMessage.MessageCase;
import dev.penstock.proto.fleet.v1.NodeSessionGrpc;
import dev.penstock.proto.fleet.v1.Pong;
import dev.penstock.proto.fleet.v1.RateShare;
import dev.penstock.proto.fleet.v1.RateShareAsk;
import dev.penstock.proto.fleet.v1.RateShareGrant;
import dev.penstock.proto.fleet.v1.RateShareRequest;
import dev.penstock.proto.fleet.v1.Welcome;
import dev.penstock.proto.snapshot.v1.Resource;
import dev.penstock.proto.snapshot.v1.SnapshotKind;
import dev.penstock.proto.usage.v1.UsageAck;
import dev.penstock.proto.usage.v1.UsageBatch;
import dev.penstock.proto.usage.v1.UsageNack;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A control plane that commits, grants and pushes as the real one, over the real transport, and
 * cuts the stream where a test says: before it has dealt with a message, or after, instead of
 * answering.
 */
final class ScriptedControlPlane extends NodeSessionGrpc.NodeSessionImplBase
    implements AutoCloseable {

  enum Cut {
    BEFORE,
    AFTER
  }

  private final Server server;
  private final Map<MessageCase, Cut> cuts = new EnumMap<>(MessageCase.class);
  private UsageWatermark watermark = new UsageWatermark(0);
  private final List<ByteString> committed = new ArrayList<>();
  private final List<NodeMessage> heard = new ArrayList<>();
  private @Nullable SnapshotChunk offered;
  private boolean lendsShares;
  private @Nullable StreamObserver<ControlMessage> live;

  private ScriptedControlPlane(TestCertificates certificates, int port) throws IOException {
    server =
        Grpc.newServerBuilderForPort(
                port,
                TlsServerCredentials.newBuilder()
                    .keyManager(
                        certificates.serverCert().toFile(), certificates.serverKey().toFile())
                    .trustManager(certificates.nodeCert().toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build())
            .addService(this)
            .build()
            .start();
  }

  static ScriptedControlPlane start(TestCertificates certificates, int port) throws IOException {
    return new ScriptedControlPlane(certificates, port);
  }

  int port() {
    return server.getPort();
  }

  synchronized void cutAt(MessageCase message, Cut cut) {
    cuts.put(message, cut);
  }

  /** From the next session on. */
  synchronized void lendShares() {
    lendsShares = true;
  }

  synchronized boolean hasCuts() {
    return !cuts.isEmpty();
  }

  synchronized void offer(SnapshotChunk chunk) {
    offered = chunk;
  }

  synchronized List<ByteString> committed() {
    return List.copyOf(committed);
  }

  synchronized List<NodeMessage> heard(MessageCase message) {
    return heard.stream().filter(said -> said.getMessageCase() == message).toList();
  }

  synchronized void say(ControlMessage message) {
    StreamObserver<ControlMessage> node = live;
    if (node == null) {
      throw new IllegalStateException("no node is connected");
    }
    node.onNext(message);
  }

  @Override
  public StreamObserver<NodeMessage> connect(StreamObserver<ControlMessage> node) {
    return new StreamObserver<>() {
      private boolean over;

      @Override
      public void onNext(NodeMessage message) {
        synchronized (ScriptedControlPlane.this) {
          if (over) {
            return;
          }
          Cut cut = cuts.remove(message.getMessageCase());
          if (cut != Cut.BEFORE) {
            heard.add(message);
            List<ControlMessage> answers = deal(message);
            if (cut == null) {
              live = node;
              answers.forEach(node::onNext);
            }
          }
          if (cut != null) {
            over = true;
            node.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
          }
        }
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        node.onCompleted();
      }
    };
  }

  private List<ControlMessage> deal(NodeMessage message) {
    return switch (message.getMessageCase()) {
      case HELLO -> welcome(message.getHello());
      case HEARTBEAT ->
          List.of(
              ControlMessage.newBuilder()
                  .setPong(
                      Pong.newBuilder()
                          .setMonoMicros(message.getHeartbeat().getMonoMicros())
                          .setHeadRevision(9))
                  .build());
      case LEASE_REQUEST -> grant(message.getLeaseRequest());
      case LEASE_CLOSE ->
          List.of(
              ControlMessage.newBuilder()
                  .setLeaseClosed(
                      LeaseClosed.newBuilder().setLeaseId(message.getLeaseClose().getLeaseId()))
                  .build());
      case USAGE_BATCH -> commit(message.getUsageBatch());
      case RATE_SHARE_REQUEST -> lend(message.getRateShareRequest());
      case SNAPSHOT_ACK, SNAPSHOT_NACK, LEASE_RETURN, MESSAGE_NOT_SET -> List.of();
    };
  }

  private List<ControlMessage> welcome(Hello hello) {
    List<ControlMessage> answers = new ArrayList<>();
    answers.add(
        ControlMessage.newBuilder()
            .setWelcome(
                Welcome.newBuilder()
                    .setDeliveryKey(ByteString.copyFrom(SnapshotKit.DELIVERY.encoded()))
                    .setAckedSeq(watermark.acked())
                    .setLendsRateShares(lendsShares))
            .build());
    SnapshotChunk chunk = offered;
    if (chunk != null && hello.getAppliedRevision() < chunk.revision()) {
      answers.add(ControlMessage.newBuilder().setSnapshotChunk(wire(chunk)).build());
    }
    return answers;
  }

  static dev.penstock.proto.snapshot.v1.SnapshotChunk wire(SnapshotChunk chunk) {
    var to =
        dev.penstock.proto.snapshot.v1.SnapshotChunk.newBuilder()
            .setNonce(chunk.nonce())
            .setKind(SnapshotKind.SNAPSHOT_KIND_FULL)
            .setRevision(chunk.revision())
            .setChunkCount(1)
            .setDigest(ByteString.copyFrom(chunk.digest()))
            .setSignature(ByteString.copyFrom(chunk.signature()));
    chunk
        .resources()
        .forEach(resource ->
            to.addResources(
                Resource.newBuilder()
                    .setKey(resource.key())
                    .setPayload(ByteString.copyFrom(resource.payload()))));
    return to.build();
  }

  /** To whoever asks all that it wants. */
  private static List<ControlMessage> lend(RateShareRequest request) {
    RateShareGrant.Builder shares = RateShareGrant.newBuilder();
    for (RateShareAsk ask : request.getAsksList()) {
      shares.addShares(
          RateShare.newBuilder()
              .setTenant(ask.getTenant())
              .setName(ask.getName())
              .setNumber(ask.getNumber())
              .setGranted(ask.getWant()));
    }
    return List.of(ControlMessage.newBuilder().setRateShareGrant(shares).build());
  }

  private static List<ControlMessage> grant(LeaseRequest request) {
    return List.of(
        ControlMessage.newBuilder()
            .setLeaseGrant(
                LeaseGrant.newBuilder()
                    .setLeaseId(request.getLeaseId())
                    .setGrantedTotalNanoUsd(request.getWantTotalNanoUsd())
                    .setState(LeaseState.LEASE_STATE_ACTIVE)
                    .setWindowRemainingMs(1_000))
            .build());
  }

  private List<ControlMessage> commit(UsageBatch batch) {
    ControlMessage.Builder answer = ControlMessage.newBuilder();
    switch (watermark.judge(batch.getFirstSeq(), batch.getRecordsCount())) {
      case Verdict.Missing(long expected) ->
          answer.setUsageNack(
              UsageNack.newBuilder().setSpoolId(batch.getSpoolId()).setExpectedSeq(expected));
      case Verdict.Commit(int skip, UsageWatermark next) -> {
        committed.addAll(batch.getRecordsList().subList(skip, batch.getRecordsCount()));
        watermark = next;
        answer.setUsageAck(
            UsageAck.newBuilder().setSpoolId(batch.getSpoolId()).setAckedSeq(next.acked()));
      }
    }
    return List.of(answer.build());
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      assert server.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
