package dev.penstock.controlplane.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.penstock.controlplane.fleet.ControlSays;
import dev.penstock.controlplane.fleet.PackedSnapshot;
import dev.penstock.controlplane.fleet.Transfer;
import dev.penstock.controlplane.ledger.LeaseAnswer;
import dev.penstock.proto.budget.v1.LeaseClosed;
import dev.penstock.proto.budget.v1.LeaseGrant;
import dev.penstock.proto.budget.v1.LeaseState;
import dev.penstock.proto.fleet.v1.BudgetAction;
import dev.penstock.proto.fleet.v1.ControlMessage;
import dev.penstock.proto.fleet.v1.Pong;
import dev.penstock.proto.fleet.v1.Welcome;
import dev.penstock.proto.snapshot.v1.Resource;
import dev.penstock.proto.snapshot.v1.Revoke;
import dev.penstock.proto.snapshot.v1.SnapshotChunk;
import dev.penstock.proto.snapshot.v1.SnapshotKind;
import dev.penstock.proto.snapshot.v1.UpToDate;
import dev.penstock.proto.usage.v1.UsageAck;
import dev.penstock.proto.usage.v1.UsageNack;

/** Writes what the control plane says. */
final class ControlMessages {

  private ControlMessages() {}

  static ControlMessage write(ControlSays says) {
    ControlMessage.Builder message = ControlMessage.newBuilder();
    switch (says) {
      case ControlSays.Welcome(byte[] key, long acked) ->
          message.setWelcome(
              Welcome.newBuilder()
                  .setDeliveryKey(ByteString.copyFrom(key))
                  .setAckedSeq(acked)
                  .setLendsRateShares(true));
      case ControlSays.Pong pong -> message.setPong(pong(pong));
      case ControlSays.UpToDate(long revision) ->
          message.setUpToDate(UpToDate.newBuilder().setRevision(revision));
      case ControlSays.Chunk(long nonce, Transfer transfer, int index) ->
          message.setSnapshotChunk(chunk(nonce, transfer, index));
      case ControlSays.Revoke(long revision, var keyIds) ->
          message.setRevoke(Revoke.newBuilder().setRevision(revision).addAllApiKeyIds(keyIds));
      case ControlSays.Money(LeaseAnswer answer) -> message.setLeaseGrant(grant(answer));
      case ControlSays.LeaseOver(var leaseId, long refunded) ->
          message.setLeaseClosed(
              LeaseClosed.newBuilder().setLeaseId(leaseId.toString()).setRefundedNanoUsd(refunded));
      case ControlSays.Shares(var shares) -> message.setRateShareGrant(RateShareWire.write(shares));
      case ControlSays.UsageAcked(var spoolId, long acked) ->
          message.setUsageAck(
              UsageAck.newBuilder().setSpoolId(spoolId.toString()).setAckedSeq(acked));
      case ControlSays.UsageMissing(var spoolId, long expected) ->
          message.setUsageNack(
              UsageNack.newBuilder().setSpoolId(spoolId.toString()).setExpectedSeq(expected));
    }
    return message.build();
  }

  private static Pong pong(ControlSays.Pong says) {
    Pong.Builder pong =
        Pong.newBuilder()
            .setMonoMicros(says.monoMicros())
            .setHeadRevision(says.headRevision())
            .putAllConnectedNodes(says.connectedNodes())
            .setHeadDigest(ByteString.copyFrom(says.headDigest()));
    says.budgetActions()
        .forEach(action ->
            pong.addBudgetActions(
                BudgetAction.newBuilder()
                    .setBudgetId(action.budgetId().toString())
                    .setAtPercent(action.atPercent())
                    .setAction(action.action().word())));
    return pong.build();
  }

  private static SnapshotChunk chunk(long nonce, Transfer transfer, int index) {
    PackedSnapshot snapshot = transfer.snapshot();
    SnapshotChunk.Builder chunk =
        SnapshotChunk.newBuilder()
            .setNonce(nonce)
            .setKind(
                transfer.isDelta()
                    ? SnapshotKind.SNAPSHOT_KIND_DELTA
                    : SnapshotKind.SNAPSHOT_KIND_FULL)
            .setRevision(snapshot.revision())
            .setChunkIndex(index)
            .setChunkCount(transfer.chunks().size())
            .setDigest(shared(snapshot.digest()))
            .setSignature(shared(snapshot.signature()))
            .setAllowMassDelete(snapshot.allowMassDelete())
            .setRollbackOf(snapshot.rollbackOf())
            .setBaseDigest(shared(transfer.baseDigest()))
            .addAllRemovedKeys(transfer.chunks().get(index).removed());
    transfer
        .chunks()
        .get(index)
        .resources()
        .forEach(resource ->
            chunk.addResources(
                Resource.newBuilder()
                    .setKey(resource.key())
                    .setPayload(shared(resource.payload()))));
    return chunk.build();
  }

  /** All nodes' messages share a snapshot's bytes, which nobody changes. */
  private static ByteString shared(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  private static LeaseGrant grant(LeaseAnswer answer) {
    LeaseGrant.Builder grant = LeaseGrant.newBuilder().setLeaseId(answer.leaseId().toString());
    return switch (answer) {
      case LeaseAnswer.Closed closed -> grant.setState(LeaseState.LEASE_STATE_CLOSED).build();
      case LeaseAnswer.Quarantined set ->
          grant
              .setState(LeaseState.LEASE_STATE_QUARANTINED)
              .setGrantedTotalNanoUsd(set.grantedTotal())
              .setReturnedTotalNanoUsd(set.givenBack())
              .build();
      case LeaseAnswer.Recall recall ->
          grant
              .setState(LeaseState.LEASE_STATE_RECALL)
              .setRecallReturnedTotalNanoUsd(recall.recallTotal())
              .setReturnedTotalNanoUsd(recall.givenBack())
              .build();
      case LeaseAnswer.Granted granted ->
          grant
              .setState(
                  granted.exhausted()
                      ? LeaseState.LEASE_STATE_EXHAUSTED
                      : LeaseState.LEASE_STATE_ACTIVE)
              .setGrantedTotalNanoUsd(granted.grantedTotal())
              .setReturnedTotalNanoUsd(granted.givenBack())
              .setRecallReturnedTotalNanoUsd(granted.recallTotal())
              .setRecalling(granted.recalling())
              .setWindowId(granted.windowId().toString())
              .setWindowRemainingMs(granted.windowRemaining().toMillis())
              .setRetryAfterMs(granted.retryAfter().toMillis())
              .setWindowAvailableNanoUsd(granted.windowAvailable())
              .setWindowLimitNanoUsd(granted.windowLimit())
              .build();
    };
  }
}
