package dev.penstock.dataplane.wire;

import com.google.protobuf.ByteString;
import dev.penstock.dataplane.budget.BudgetActions.InForce;
import dev.penstock.dataplane.session.FromControl;
import dev.penstock.dataplane.session.ToControl;
import dev.penstock.dataplane.snapshot.SnapshotAnswer;
import dev.penstock.dataplane.snapshot.SnapshotChunk;
import dev.penstock.kernel.lease.LeaseGrant;
import dev.penstock.kernel.lease.LeaseRecall;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.SnapshotSignature;
import dev.penstock.kernel.snapshot.ThresholdAction;
import dev.penstock.proto.budget.v1.LeaseClose;
import dev.penstock.proto.budget.v1.LeaseRequest;
import dev.penstock.proto.budget.v1.LeaseReturn;
import dev.penstock.proto.fleet.v1.ControlMessage;
import dev.penstock.proto.fleet.v1.Heartbeat;
import dev.penstock.proto.fleet.v1.Hello;
import dev.penstock.proto.fleet.v1.NodeMessage;
import dev.penstock.proto.fleet.v1.Pong;
import dev.penstock.proto.snapshot.v1.ResourceError;
import dev.penstock.proto.snapshot.v1.SnapshotAck;
import dev.penstock.proto.snapshot.v1.SnapshotNack;
import dev.penstock.proto.usage.v1.UsageBatch;
import java.util.List;
import java.util.Set;

/** The session's messages, in both directions. */
final class SessionMessages {

  private final String build;

  SessionMessages(String build) {
    this.build = build;
  }

  NodeMessage of(ToControl message) {
    NodeMessage.Builder to = NodeMessage.newBuilder();
    switch (message) {
      case ToControl.Hello hello -> to.setHello(hello(hello));
      case ToControl.Heartbeat heartbeat -> to.setHeartbeat(heartbeat(heartbeat));
      case ToControl.Answer(SnapshotAnswer.Accepted accepted) ->
          to.setSnapshotAck(
              SnapshotAck.newBuilder()
                  .setNonce(accepted.nonce())
                  .setRevision(accepted.revision())
                  .setDigest(ByteString.copyFrom(accepted.digest()))
                  .setApplyMicros(accepted.applyMicros()));
      case ToControl.Answer(SnapshotAnswer.Refused refused) -> to.setSnapshotNack(nack(refused));
      case ToControl.Ask ask -> to.setLeaseRequest(ask(ask));
      case ToControl.Return(var given) ->
          to.setLeaseReturn(
              LeaseReturn.newBuilder()
                  .setLeaseId(given.leaseId())
                  .setReturnedTotalNanoUsd(given.returnedTotal()));
      case ToControl.AskShares(var asks) -> to.setRateShareRequest(RateShareMessages.of(asks));
      case ToControl.Close close ->
          to.setLeaseClose(
              LeaseClose.newBuilder()
                  .setLeaseId(close.end().leaseId())
                  .setSpoolId(close.spoolId())
                  .setFinalSeq(close.end().finalSeq())
                  .setConsumedTotalNanoUsd(close.end().consumedTotal()));
      case ToControl.Usage usage -> to.setUsageBatch(usage(usage));
    }
    return to.build();
  }

  private Hello hello(ToControl.Hello from) {
    return Hello.newBuilder()
        .setNodeName(from.nodeName())
        .setRegion(from.region())
        .setIncarnation(from.incarnation())
        .setSchemaMax(SnapshotSignature.SCHEMA)
        .setAppliedRevision(from.appliedRevision())
        .setAppliedDigest(ByteString.copyFrom(from.appliedDigest()))
        .setSpoolId(from.spoolId())
        .setAckedSeq(from.ackedSeq())
        .setBuild(build)
        .setTakesDelta(true)
        .build();
  }

  private static Heartbeat heartbeat(ToControl.Heartbeat from) {
    return Heartbeat.newBuilder()
        .setMonoMicros(from.monoMicros())
        .setAppliedRevision(from.appliedRevision())
        .setInflight(from.inflight())
        .setSpoolBytes(from.spoolBytes())
        .putAllHeldNanoUsd(from.heldNanoUsd())
        .build();
  }

  private static SnapshotNack nack(SnapshotAnswer.Refused from) {
    SnapshotNack.Builder to =
        SnapshotNack.newBuilder()
            .setNonce(from.nonce())
            .setRevision(from.revision())
            .setKeptRevision(from.keptRevision());
    from.errors()
        .forEach(error ->
            to.addErrors(
                ResourceError.newBuilder()
                    .setResourceKey(error.resourceKey())
                    .setCode(error.code().name())
                    .setMessage(error.message())));
    return to.build();
  }

  private static LeaseRequest ask(ToControl.Ask from) {
    return LeaseRequest.newBuilder()
        .setLeaseId(from.ask().leaseId())
        .setBudgetId(from.ask().budgetId())
        .setWantTotalNanoUsd(from.ask().wantTotal())
        .setNeedTotalNanoUsd(from.ask().needTotal())
        .setGrantedTotalNanoUsd(from.ask().grantedTotal())
        .setReturnedTotalNanoUsd(from.ask().returnedTotal())
        .setConsumedTotalNanoUsd(from.ask().consumedTotal())
        .setReservedNowNanoUsd(from.ask().reservedNow())
        .setBurnNanoUsdPerSecond(from.ask().burnPerSecond())
        .setSpoolId(from.spoolId())
        .build();
  }

  private static UsageBatch usage(ToControl.Usage from) {
    UsageBatch.Builder to =
        UsageBatch.newBuilder()
            .setSpoolId(from.spoolId())
            .setFirstSeq(from.batch().firstSeq())
            .setNodeWallUnixMs(from.wallMillis());
    from.batch().records().forEach(record -> to.addRecords(ByteString.copyFrom(record)));
    return to.build();
  }

  FromControl of(ControlMessage message) {
    return switch (message.getMessageCase()) {
      case WELCOME ->
          new FromControl.Welcome(
              message.getWelcome().getDeliveryKey().toByteArray(),
              message.getWelcome().getAckedSeq(),
              message.getWelcome().getLendsRateShares());
      case PONG -> pong(message.getPong());
      case UP_TO_DATE -> new FromControl.UpToDate(message.getUpToDate().getRevision());
      case SNAPSHOT_CHUNK -> new FromControl.Chunk(chunk(message.getSnapshotChunk()));
      case REVOKE ->
          new FromControl.Revoke(
              message.getRevoke().getRevision(),
              Set.copyOf(message.getRevoke().getApiKeyIdsList()));
      case LEASE_GRANT -> grant(message.getLeaseGrant());
      case RATE_SHARE_GRANT ->
          new FromControl.Shares(RateShareMessages.of(message.getRateShareGrant()));
      case LEASE_CLOSED -> new FromControl.Closed(message.getLeaseClosed().getLeaseId());
      case USAGE_ACK ->
          new FromControl.UsageAck(
              message.getUsageAck().getSpoolId(), message.getUsageAck().getAckedSeq());
      case USAGE_NACK ->
          new FromControl.UsageNack(
              message.getUsageNack().getSpoolId(), message.getUsageNack().getExpectedSeq());
      case MESSAGE_NOT_SET -> new FromControl.Unknown();
    };
  }

  private static FromControl pong(Pong from) {
    List<InForce> actions =
        from.getBudgetActionsList().stream()
            .flatMap(action ->
                ThresholdAction.of(action.getAction())
                    .map(known -> new InForce(action.getBudgetId(), action.getAtPercent(), known))
                    .stream())
            .toList();
    return new FromControl.Pong(
        from.getMonoMicros(),
        from.getHeadRevision(),
        from.getConnectedNodesMap(),
        from.getHeadDigest().toByteArray(),
        actions);
  }

  private static SnapshotChunk chunk(dev.penstock.proto.snapshot.v1.SnapshotChunk from) {
    SnapshotChunk.Kind kind =
        switch (from.getKind()) {
          case SNAPSHOT_KIND_FULL -> SnapshotChunk.Kind.FULL;
          case SNAPSHOT_KIND_DELTA -> SnapshotChunk.Kind.DELTA;
          case SNAPSHOT_KIND_UNSPECIFIED, UNRECOGNIZED -> SnapshotChunk.Kind.UNKNOWN;
        };
    return new SnapshotChunk(
        from.getNonce(),
        kind,
        from.getRevision(),
        from.getChunkIndex(),
        from.getChunkCount(),
        from.getResourcesList().stream()
            .map(resource -> new Resource(resource.getKey(), resource.getPayload().toByteArray()))
            .toList(),
        from.getDigest().toByteArray(),
        from.getSignature().toByteArray(),
        from.getAllowMassDelete(),
        from.getBaseDigest().toByteArray(),
        from.getRemovedKeysList());
  }

  private static FromControl grant(dev.penstock.proto.budget.v1.LeaseGrant from) {
    return switch (from.getState()) {
      case LEASE_STATE_ACTIVE -> grant(from, LeaseGrant.State.ACTIVE);
      case LEASE_STATE_EXHAUSTED ->
          grant(
              from, from.getRecalling() ? LeaseGrant.State.RECALLING : LeaseGrant.State.EXHAUSTED);
      case LEASE_STATE_RECALL ->
          new FromControl.Recall(
              new LeaseRecall(
                  from.getLeaseId(),
                  Math.max(0, from.getRecallReturnedTotalNanoUsd()),
                  Math.max(0, from.getReturnedTotalNanoUsd())));
      case LEASE_STATE_QUARANTINED -> grant(from, LeaseGrant.State.QUARANTINED);
      case LEASE_STATE_CLOSED -> grant(from, LeaseGrant.State.CLOSED);
      case LEASE_STATE_UNSPECIFIED, UNRECOGNIZED -> new FromControl.Unknown();
    };
  }

  private static FromControl grant(
      dev.penstock.proto.budget.v1.LeaseGrant from, LeaseGrant.State state) {
    return new FromControl.Grant(
        new LeaseGrant(
            from.getLeaseId(),
            Math.max(0, from.getGrantedTotalNanoUsd()),
            Math.max(0, from.getReturnedTotalNanoUsd()),
            Math.max(0, from.getRecallReturnedTotalNanoUsd()),
            state,
            from.getWindowRemainingMs(),
            from.getRetryAfterMs(),
            Math.max(0, from.getWindowAvailableNanoUsd()),
            from.getWindowLimitNanoUsd()));
  }
}
