package dev.penstock.controlplane.wire;

import dev.penstock.controlplane.fleet.EndCause;
import dev.penstock.controlplane.fleet.Nack;
import dev.penstock.controlplane.fleet.NodeSaid;
import dev.penstock.controlplane.ledger.LeaseLeaving;
import dev.penstock.proto.budget.v1.LeaseClose;
import dev.penstock.proto.budget.v1.LeaseRequest;
import dev.penstock.proto.budget.v1.LeaseReturn;
import dev.penstock.proto.fleet.v1.Heartbeat;
import dev.penstock.proto.fleet.v1.Hello;
import dev.penstock.proto.fleet.v1.NodeMessage;
import dev.penstock.proto.snapshot.v1.SnapshotAck;
import dev.penstock.proto.snapshot.v1.SnapshotNack;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads what nodes say. Whatever is not sound becomes a reason to end the session. */
final class NodeMessages {

  private static final int DIGEST_BYTES = 32;
  private static final int MAX_NACKS = 100;
  private static final int MAX_HELD = 1_000;

  private NodeMessages() {}

  static NodeSaid read(NodeMessage message) {
    try {
      return switch (message.getMessageCase()) {
        case HELLO -> hello(message.getHello());
        case HEARTBEAT -> heartbeat(message.getHeartbeat());
        case SNAPSHOT_ACK -> acked(message.getSnapshotAck());
        case SNAPSHOT_NACK -> nacked(message.getSnapshotNack());
        case LEASE_REQUEST -> asked(message.getLeaseRequest());
        case RATE_SHARE_REQUEST -> RateShareWire.read(message.getRateShareRequest());
        case LEASE_CLOSE -> left(message.getLeaseClose());
        case USAGE_BATCH -> new NodeSaid.Used(UsageWire.read(message.getUsageBatch()));
        case LEASE_RETURN -> returned(message.getLeaseReturn());
        case MESSAGE_NOT_SET -> malformed("a message that this version does not know");
      };
    } catch (IllegalArgumentException unsound) {
      return malformed(message.getMessageCase() + ": " + unsound.getMessage());
    }
  }

  private static NodeSaid malformed(String sentence) {
    return new NodeSaid.Unintelligible(new EndCause(EndCause.Kind.MALFORMED, sentence));
  }

  private static NodeSaid hello(Hello from) {
    int digest = from.getAppliedDigest().size();
    if (digest != 0 && digest != DIGEST_BYTES) {
      throw new IllegalArgumentException(
          "applied_digest: %d bytes (expected: 0 or 32)".formatted(digest));
    }
    return new NodeSaid.Hello(
        Limits.name("node_name", from.getNodeName()),
        Limits.name("region", from.getRegion()),
        Limits.number("incarnation", from.getIncarnation(), Long.MAX_VALUE),
        Limits.number("applied_revision", from.getAppliedRevision(), Long.MAX_VALUE),
        from.getAppliedDigest().toByteArray(),
        Limits.uuid("spool_id", from.getSpoolId()),
        Limits.number("acked_seq", from.getAckedSeq(), Long.MAX_VALUE / 2),
        Limits.name("build", from.getBuild()),
        from.getTakesDelta());
  }

  private static NodeSaid heartbeat(Heartbeat from) {
    return new NodeSaid.Heartbeat(
        from.getMonoMicros(),
        Limits.number("applied_revision", from.getAppliedRevision(), Long.MAX_VALUE),
        (int) Limits.number("inflight", from.getInflight(), Integer.MAX_VALUE),
        Limits.number("spool_bytes", from.getSpoolBytes(), Long.MAX_VALUE),
        held(from.getHeldNanoUsdMap()));
  }

  private static Map<UUID, Long> held(Map<String, Long> from) {
    Limits.count("held_nano_usd", from.keySet(), MAX_HELD);
    Map<UUID, Long> held = new HashMap<>();
    from.forEach((lease, amount) ->
        held.put(
            Limits.uuid("held_nano_usd", lease),
            Limits.number("held_nano_usd", amount, Long.MAX_VALUE)));
    return held;
  }

  private static NodeSaid acked(SnapshotAck from) {
    return new NodeSaid.SnapshotAcked(
        from.getNonce(), from.getRevision(), from.getDigest().toByteArray());
  }

  private static NodeSaid nacked(SnapshotNack from) {
    // A node that refuses everything need not be quoted in full.
    List<Nack> nacks =
        from.getErrorsList().stream()
            .limit(MAX_NACKS)
            .map(error ->
                new Nack(
                    Limits.text("resource_key", error.getResourceKey(), Limits.SENTENCE),
                    Limits.name("code", error.getCode()),
                    Limits.text("message", error.getMessage(), Limits.SENTENCE)))
            .toList();
    return new NodeSaid.SnapshotNacked(
        from.getNonce(), from.getRevision(), nacks, from.getKeptRevision());
  }

  private static NodeSaid asked(LeaseRequest from) {
    return new NodeSaid.MoneyAsked(
        Limits.uuid("lease_id", from.getLeaseId()),
        Limits.uuid("budget_id", from.getBudgetId()),
        Limits.uuid("spool_id", from.getSpoolId()),
        Limits.number("granted_total", from.getGrantedTotalNanoUsd(), Long.MAX_VALUE),
        Limits.number("returned_total", from.getReturnedTotalNanoUsd(), Long.MAX_VALUE),
        Limits.number("want_total", from.getWantTotalNanoUsd(), Long.MAX_VALUE),
        Limits.number("need_total", from.getNeedTotalNanoUsd(), Long.MAX_VALUE));
  }

  private static NodeSaid returned(LeaseReturn from) {
    return new NodeSaid.MoneyReturned(
        Limits.uuid("lease_id", from.getLeaseId()),
        Limits.number("returned_total", from.getReturnedTotalNanoUsd(), Long.MAX_VALUE));
  }

  private static NodeSaid left(LeaseClose from) {
    return new NodeSaid.LeaseLeft(
        new LeaseLeaving(
            Limits.uuid("lease_id", from.getLeaseId()),
            Limits.uuid("spool_id", from.getSpoolId()),
            Limits.number("final_seq", from.getFinalSeq(), Long.MAX_VALUE),
            Limits.number("consumed_total", from.getConsumedTotalNanoUsd(), Long.MAX_VALUE)));
  }
}
