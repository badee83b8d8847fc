package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.enrolment.NodeIdentity;
import dev.penstock.controlplane.fleet.SessionAction.Admit;
import dev.penstock.controlplane.fleet.SessionAction.Ask;
import dev.penstock.controlplane.fleet.SessionAction.AskShares;
import dev.penstock.controlplane.fleet.SessionAction.Commit;
import dev.penstock.controlplane.fleet.SessionAction.End;
import dev.penstock.controlplane.fleet.SessionAction.Leave;
import dev.penstock.controlplane.fleet.SessionAction.NoteAlive;
import dev.penstock.controlplane.fleet.SessionAction.Say;
import dev.penstock.controlplane.fleet.SessionAction.TakeBack;
import dev.penstock.controlplane.fleet.SessionEvent.Answered;
import dev.penstock.controlplane.fleet.SessionEvent.Broken;
import dev.penstock.controlplane.fleet.SessionEvent.Decided;
import dev.penstock.controlplane.fleet.SessionEvent.Published;
import dev.penstock.controlplane.fleet.SessionEvent.Revoked;
import dev.penstock.controlplane.fleet.SessionEvent.Said;
import dev.penstock.controlplane.ledger.LeaseAnswer;
import dev.penstock.controlplane.ledger.LeaseAsk;
import dev.penstock.controlplane.ledger.LeaseLeaving;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The protocol of one session, without I/O: {@code (state, event) -> (state, actions)}.
 *
 * <pre>
 * AwaitingHello --Hello--> Admitting --Decided(admitted)--> Open --Broken--> Ended
 *       |                      |                              |
 *       +--anything else-------+--refused, or anything said---+--a message out of order--> Ended
 * </pre>
 *
 * <p>Nothing leads out of Ended. What a node may not say now ends its session with a sentence: it
 * connects again and starts from what is committed.
 */
sealed interface SessionState {

  /** The state after an event, and what is to be done about it. */
  record Step(SessionState next, List<SessionAction> actions) {
    public Step {
      actions = List.copyOf(actions);
    }
  }

  Step on(SessionEvent event);

  /** Connected, with a certificate; has said nothing. */
  record AwaitingHello(NodeIdentity identity) implements SessionState {

    @Override
    public Step on(SessionEvent event) {
      return switch (event) {
        case Said(NodeSaid.Hello hello) -> hello(hello);
        case Said(NodeSaid.Unintelligible(EndCause cause)) -> end(cause);
        case Said said -> outOfOrder("the first message of a session is Hello");
        case Broken(EndCause cause) -> end(cause);
        case Published published -> new Step(this, List.of());
        case Revoked revoked -> new Step(this, List.of());
        case Decided decided -> throw illegal(this, event);
        case Answered answered -> throw illegal(this, event);
      };
    }

    private Step hello(NodeSaid.Hello hello) {
      if (!hello.node().equals(identity.name()) || !hello.region().equals(identity.region())) {
        return end(
            new EndCause(
                EndCause.Kind.NOT_ALLOWED,
                "Hello names another node or region than the certificate does"));
      }
      return new Step(new Admitting(identity, hello), List.of(new Admit(hello)));
    }
  }

  /** Has presented itself; the registry is being asked. */
  record Admitting(NodeIdentity identity, NodeSaid.Hello hello) implements SessionState {

    @Override
    public Step on(SessionEvent event) {
      return switch (event) {
        case Decided(Admission.Admitted admitted, byte[] key, Optional<PackedSnapshot> newest) ->
            admitted(admitted, key, newest);
        case Decided(Admission.Refused(EndCause cause), byte[] key, var newest) -> end(cause);
        case Said said -> outOfOrder("after Hello a node waits for Welcome");
        case Broken(EndCause cause) -> end(cause);
        case Published published -> new Step(this, List.of()); // Decided brings the newest
        case Revoked revoked -> new Step(this, List.of()); // the same
        case Answered answered -> throw illegal(this, event);
      };
    }

    private Step admitted(
        Admission.Admitted admitted, byte[] key, Optional<PackedSnapshot> newest) {
      List<SessionAction> actions = new ArrayList<>();
      actions.add(new Say(new ControlSays.Welcome(key, admitted.ackedSeq())));
      SnapshotDelivery delivery =
          SnapshotDelivery.start(
              hello.appliedDigest(), parked(admitted.nackedDigest()), hello.takesDelta());
      if (newest.isEmpty()) {
        return new Step(
            new Open(identity, hello.spoolId(), hello.incarnation(), delivery), actions);
      }
      SnapshotDelivery.Step first = delivery.onStored(newest.get());
      if (!first.next().announcedNewest() && !newest.get().revokedKeys().isEmpty()) {
        // Its snapshot is old, and the new one may take long or be refused: keys stop now.
        List<String> revoked = newest.get().revokedKeys().stream().sorted().toList();
        actions.add(new Say(new ControlSays.Revoke(newest.get().revision(), revoked)));
      }
      actions.addAll(first.actions());
      return new Step(
          new Open(identity, hello.spoolId(), hello.incarnation(), first.next()), actions);
    }

    /** A node that serves nothing is sent even what it has refused: it may have been mended. */
    private Optional<byte[]> parked(Optional<byte[]> nackedDigest) {
      return hello.appliedDigest().length == 0 ? Optional.empty() : nackedDigest;
    }
  }

  /** Welcomed. */
  record Open(NodeIdentity identity, UUID spoolId, long incarnation, SnapshotDelivery delivery)
      implements SessionState {

    @Override
    public Step on(SessionEvent event) {
      return switch (event) {
        case Said(NodeSaid said) -> said(said);
        case Published(PackedSnapshot snapshot, List<String> newlyRevoked) ->
            published(snapshot, newlyRevoked);
        case Revoked(long revision, List<String> keyIds) ->
            new Step(this, List.of(new Say(new ControlSays.Revoke(revision, keyIds))));
        case Answered(ControlSays answer) -> new Step(this, List.of(new Say(answer)));
        case Broken(EndCause cause) -> end(cause);
        case Decided decided -> throw illegal(this, event);
      };
    }

    private Step said(NodeSaid said) {
      return switch (said) {
        case NodeSaid.Hello hello -> outOfOrder("a session has one Hello");
        case NodeSaid.Heartbeat heartbeat -> heartbeat(heartbeat);
        case NodeSaid.SnapshotAcked acked -> acked(acked);
        case NodeSaid.SnapshotNacked nacked -> nacked(nacked);
        case NodeSaid.MoneyAsked asked -> asked(asked);
        case NodeSaid.MoneyReturned(UUID leaseId, long givenBack) ->
            new Step(this, List.of(new TakeBack(leaseId, spoolId, givenBack)));
        case NodeSaid.SharesAsked(var asks) -> new Step(this, List.of(new AskShares(asks)));
        case NodeSaid.LeaseLeft(LeaseLeaving leaving) ->
            new Step(this, List.of(new Leave(leaving)));
        case NodeSaid.Used used ->
            used.batch().spoolId().equals(spoolId)
                ? new Step(this, List.of(new Commit(used.batch())))
                : notItsSpool();
        case NodeSaid.Unintelligible(EndCause cause) -> end(cause);
      };
    }

    private Step heartbeat(NodeSaid.Heartbeat heartbeat) {
      long head = delivery.newest().map(PackedSnapshot::revision).orElse(0L);
      byte[] digest = delivery.newest().map(PackedSnapshot::digest).orElseGet(() -> new byte[0]);
      ControlSays pong =
          new ControlSays.Pong(heartbeat.monoMicros(), head, Map.of(), digest, List.of());
      return new Step(this, List.of(new NoteAlive(heartbeat), new Say(pong)));
    }

    private Step acked(NodeSaid.SnapshotAcked acked) {
      if (!delivery.isOnItsWay(acked.nonce(), acked.revision())
          || !delivery.isTheDigestOnItsWay(acked.digest())) {
        return malformed("SnapshotAck for a snapshot that is not on its way");
      }
      return with(delivery.onAcked());
    }

    private Step nacked(NodeSaid.SnapshotNacked nacked) {
      if (!delivery.isOnItsWay(nacked.nonce(), nacked.revision())) {
        return malformed("SnapshotNack for a snapshot that is not on its way");
      }
      return with(delivery.onNacked(nacked.nacks(), nacked.keptRevision()));
    }

    private Step asked(NodeSaid.MoneyAsked asked) {
      if (!asked.spoolId().equals(spoolId)) {
        ControlSays no = new ControlSays.Money(new LeaseAnswer.Closed(asked.leaseId()));
        return new Step(this, List.of(new Say(no)));
      }
      LeaseAsk ask =
          new LeaseAsk(
              asked.leaseId(),
              asked.budgetId(),
              identity.name(),
              spoolId,
              incarnation,
              asked.knownGranted(),
              asked.givenBack(),
              asked.wantTotal(),
              asked.needTotal());
      return new Step(this, List.of(new Ask(ask)));
    }

    private Step published(PackedSnapshot snapshot, List<String> newlyRevoked) {
      SnapshotDelivery.Step step = delivery.onStored(snapshot);
      List<SessionAction> actions = new ArrayList<>();
      if (!newlyRevoked.isEmpty()) {
        actions.add(new Say(new ControlSays.Revoke(snapshot.revision(), newlyRevoked)));
      }
      actions.addAll(step.actions());
      return new Step(new Open(identity, spoolId, incarnation, step.next()), actions);
    }

    private Step with(SnapshotDelivery.Step step) {
      return new Step(new Open(identity, spoolId, incarnation, step.next()), step.actions());
    }
  }

  /** Over. What still comes in is nobody's. */
  record Ended(EndCause cause) implements SessionState {

    @Override
    public Step on(SessionEvent event) {
      return new Step(this, List.of());
    }
  }

  private static Step end(EndCause cause) {
    return new Step(new Ended(cause), List.of(new End(cause)));
  }

  private static Step outOfOrder(String sentence) {
    return end(new EndCause(EndCause.Kind.OUT_OF_ORDER, sentence));
  }

  private static Step malformed(String sentence) {
    return end(new EndCause(EndCause.Kind.MALFORMED, sentence));
  }

  private static Step notItsSpool() {
    return end(new EndCause(EndCause.Kind.NOT_ALLOWED, "usage of another spool than Hello's"));
  }

  private static IllegalStateException illegal(SessionState state, SessionEvent event) {
    return new IllegalStateException(event + " in " + state.getClass().getSimpleName());
  }
}
