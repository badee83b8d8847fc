package dev.penstock.controlplane.fleet;

import dev.penstock.controlplane.enrolment.NodeIdentity;
import dev.penstock.controlplane.enrolment.PresentedCertificate;
import dev.penstock.controlplane.fleet.SessionAction.Admit;
import dev.penstock.controlplane.fleet.SessionAction.Ask;
import dev.penstock.controlplane.fleet.SessionAction.AskShares;
import dev.penstock.controlplane.fleet.SessionAction.Commit;
import dev.penstock.controlplane.fleet.SessionAction.End;
import dev.penstock.controlplane.fleet.SessionAction.Leave;
import dev.penstock.controlplane.fleet.SessionAction.NoteAcked;
import dev.penstock.controlplane.fleet.SessionAction.NoteAlive;
import dev.penstock.controlplane.fleet.SessionAction.NoteNacked;
import dev.penstock.controlplane.fleet.SessionAction.Say;
import dev.penstock.controlplane.fleet.SessionAction.Send;
import dev.penstock.controlplane.fleet.SessionAction.TakeBack;
import dev.penstock.controlplane.fleet.SessionEvent.Answered;
import dev.penstock.controlplane.fleet.SessionEvent.Broken;
import dev.penstock.controlplane.fleet.SessionEvent.Decided;
import dev.penstock.controlplane.fleet.SessionEvent.Published;
import dev.penstock.controlplane.fleet.SessionEvent.Revoked;
import dev.penstock.controlplane.fleet.SessionEvent.Said;
import dev.penstock.controlplane.ledger.LeaseAnswer;
import dev.penstock.controlplane.ledger.LeaseLeaving;
import dev.penstock.controlplane.usage.IngestOutcome;
import dev.penstock.controlplane.usage.UsageBatch;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The shell around one node's {@link SessionState}: a thread that takes one event after the other,
 * does what the state wants, and writes while the line takes it.
 *
 * <p>Threads: anybody may {@link #post}; everything else happens on the session's own thread, which
 * may wait for the database. Usage goes through a {@link UsageLane}, so that a request for money
 * does not wait for a batch of records; batches and the closing of leases keep their order there.
 * What the node may say is bounded by {@link SessionLine#listen}: one message, and the next when
 * that one is dealt with.
 */
final class Session implements Runnable {

  /** What the node's region is to have. */
  private record News(Offer offer, List<String> newlyRevoked) {}

  /** What wakes the session without being an event of the protocol. */
  private static final Object WRITABLE = new Object();

  private static final Object ROOM = new Object();

  /** More answers than this unwritten, and the node is not listened to. */
  private static final int MAX_WAITING = 128;

  private static final Logger LOG = Logger.getLogger(Session.class);

  private final UUID id = UUID.randomUUID();
  private final NodeIdentity identity;
  private final PresentedCertificate certificate;
  private final SessionLine line;
  private final Fleet fleet;
  private final Desks desks;
  private final BlockingQueue<Object> mailbox = new LinkedBlockingQueue<>();
  private final Outbox outbox = new Outbox();
  private final UsageLane usageLane;

  private SessionState state;

  /** What it has been told to refuse since it waits, beside keys that were revoked. */
  private Set<String> told = Set.of();

  /** The revision that the node had when it said Hello. */
  private long appliedAtStart;

  private boolean owesListening;

  /** Its turn to be sent a whole snapshot, from when it waits for it until that is written. */
  private WholeSends.@Nullable Turn turn;

  Session(PresentedCertificate certificate, SessionLine line, Fleet fleet, Desks desks) {
    this.certificate = certificate;
    identity = certificate.identity();
    this.line = line;
    this.fleet = fleet;
    this.desks = desks;
    state = new SessionState.AwaitingHello(identity);
    usageLane = new UsageLane(identity.name(), () -> mailbox.add(ROOM));
  }

  NodeIdentity identity() {
    return identity;
  }

  PresentedCertificate certificate() {
    return certificate;
  }

  /** A snapshot of the node's region was stored, or has come to a further wave. */
  void offer(Offer offer, List<String> newlyRevoked) {
    mailbox.add(new News(offer, newlyRevoked));
  }

  void post(SessionEvent event) {
    mailbox.add(event);
  }

  void onWritable() {
    mailbox.add(WRITABLE);
  }

  @Override
  public void run() {
    try {
      line.listen();
      while (!(state instanceof SessionState.Ended)) {
        Object next = mailbox.take();
        if (next instanceof Send itsTurn) {
          outbox.send(itsTurn.nonce(), itsTurn.transfer());
        }
        if (next instanceof News news) {
          take(news);
        }
        if (next instanceof SessionEvent event) {
          take(event);
          owesListening |= event instanceof Said;
        }
        write();
      }
    } catch (InterruptedException stopped) {
      line.end(new EndCause(EndCause.Kind.UNAVAILABLE, "the control plane is stopping"));
    } catch (RuntimeException fault) {
      LOG.errorf(fault, "session of node %s", identity.name());
      line.end(new EndCause(EndCause.Kind.UNAVAILABLE, "a fault of the control plane's"));
    } finally {
      leave();
    }
  }

  private void take(News news) {
    Offer offer = news.offer();
    if (!offer.isHeldFrom(identity.name())) {
      told = Set.of(); // should it wait again, then with another snapshot
      take(new Published(offer.newest(), news.newlyRevoked()));
      return;
    }
    refuse(offer, news.newlyRevoked());
    offer
        .to(identity.name(), appliedAtStart)
        .ifPresent(base -> take(new Published(base, List.of())));
  }

  private void take(SessionEvent event) {
    SessionState.Step step = state.on(event);
    state = step.next();
    for (SessionAction action : step.actions()) {
      perform(action);
    }
  }

  private void perform(SessionAction action) {
    switch (action) {
      case Admit(NodeSaid.Hello hello) -> admit(hello);
      case Say(ControlSays.Pong pong) -> outbox.add(counted(pong));
      case Say(ControlSays says) -> outbox.add(says);
      case Send send -> send(send);
      case Ask ask -> ask(ask);
      case TakeBack given -> takeBack(given);
      case AskShares shares -> ask(shares);
      case Commit(UsageBatch batch) -> usageLane.run(() -> commit(batch));
      case Leave leave -> usageLane.run(() -> leave(leave));
      case NoteAlive(NodeSaid.Heartbeat heartbeat) ->
          note(() -> desks.nodes().alive(id, heartbeat));
      case NoteAcked(long revision) -> note(() -> desks.nodes().acked(id, revision));
      case NoteNacked nacked -> {
        LOG.warnf("node %s refused a snapshot: %s", identity.name(), nacked.nacks());
        note(() -> desks.nodes().nacked(id, nacked.digest(), nacked.nacks()));
      }
      case End(EndCause cause) -> {
        LOG.infof("session of node %s ends: %s", identity.name(), cause.sentence());
        line.end(cause);
      }
    }
  }

  /** A delta goes out; a whole snapshot when it is this node's turn. */
  private void send(Send send) {
    endTurn(); // of one that was refused before all of it was written
    if (send.transfer().isDelta()) {
      outbox.send(send.nonce(), send.transfer());
      return;
    }
    turn = desks.wholeSends().ask(() -> mailbox.add(send));
  }

  private void endTurn() {
    WholeSends.Turn taken = turn;
    if (taken != null) {
      desks.wholeSends().end(taken);
      turn = null;
    }
  }

  private void admit(NodeSaid.Hello hello) {
    try {
      Admission admission = desks.nodes().admit(certificate, hello, id);
      if (admission instanceof Admission.Admitted) {
        // First be found, then look: a snapshot stored in between is published to this session.
        fleet.join(this);
        LOG.infof(
            "node %s of region %s connected (build %s, incarnation %d)",
            identity.name(), identity.region(), hello.build(), hello.incarnation());
      }
      byte[] key = desks.keys().ofRegion(identity.region()).encoded();
      Optional<Offer> offer = desks.snapshots().offer(identity.region());
      appliedAtStart = hello.appliedRevision();
      take(
          new Decided(
              admission, key, offer.flatMap(due -> due.to(identity.name(), appliedAtStart))));
      // It may have been away when keys were revoked that it takes for good.
      offer
          .filter(due -> due.isHeldFrom(identity.name()))
          .ifPresent(due -> refuse(due, due.newest().revokedKeys()));
    } catch (SQLException | IllegalStateException e) {
      LOG.warnf("node %s cannot be admitted: %s", identity.name(), e.getMessage());
      take(new Broken(unavailable("the registry of nodes cannot be reached")));
    }
  }

  /** What is taken away waits for no wave; each is said once. */
  private void refuse(Offer offer, Collection<String> revokedKeys) {
    Set<String> refused = new TreeSet<>(offer.refused());
    refused.removeAll(told);
    refused.addAll(revokedKeys);
    told = offer.refused();
    if (!refused.isEmpty()) {
      take(new Revoked(offer.newest().revision(), List.copyOf(refused)));
    }
  }

  /** With how many nodes there are and what budgets do; without, where nobody can say. */
  private ControlSays counted(ControlSays.Pong pong) {
    return new ControlSays.Pong(
        pong.monoMicros(),
        pong.headRevision(),
        desks.connectedNodes().byRegion(),
        pong.headDigest(),
        desks.budgetActions().now());
  }

  private void ask(Ask ask) {
    try {
      LeaseAnswer answer = desks.ledger().request(ask.ask());
      take(new Answered(new ControlSays.Money(answer)));
      desks.refusals().look(ask.ask().needTotal(), answer);
      if (answer instanceof LeaseAnswer.Granted granted && granted.recalling()) {
        desks.reminders().remind(); // an exchange waits for what others give back
      }
    } catch (SQLException e) {
      // No answer: to the node that is a control plane out of reach, and it asks again.
      LOG.warnf("lease %s: %s", ask.ask().leaseId(), e.getMessage());
    }
  }

  private void takeBack(TakeBack given) {
    try {
      take(
          new Answered(
              new ControlSays.Money(
                  desks
                      .ledger()
                      .giveBack(
                          given.leaseId(), identity.name(), given.spoolId(), given.givenBack()))));
    } catch (SQLException e) {
      LOG.warnf("lease %s: %s", given.leaseId(), e.getMessage()); // the node says it again
    }
  }

  private void ask(AskShares shares) {
    try {
      take(
          new Answered(
              new ControlSays.Shares(desks.rateShares().ask(identity.name(), shares.asks()))));
    } catch (SQLException e) {
      LOG.warnf("rate limits of node %s: %s", identity.name(), e.getMessage()); // it asks again
    }
  }

  private void commit(UsageBatch batch) {
    try {
      post(
          new Answered(
              switch (desks.usage().ingest(identity, batch)) {
                case IngestOutcome.Committed(long acked) ->
                    new ControlSays.UsageAcked(batch.spoolId(), acked);
                case IngestOutcome.Missing(long expected) ->
                    new ControlSays.UsageMissing(batch.spoolId(), expected);
              }));
    } catch (SQLException e) {
      LOG.warnf("usage of node %s: %s", identity.name(), e.getMessage());
      post(new Broken(unavailable("usage could not be stored; send it again")));
    } catch (RuntimeException fault) {
      LOG.errorf(fault, "usage of node %s", identity.name());
      post(new Broken(unavailable("usage could not be stored; send it again")));
    }
  }

  private void leave(Leave leave) {
    try {
      LeaseLeaving leaving = leave.leaving();
      long acked = desks.nodes().ackedSeq(leaving.spoolId());
      desks
          .ledger()
          .close(leaving, identity.name(), acked)
          .ifPresent(refunded ->
              post(new Answered(new ControlSays.LeaseOver(leaving.leaseId(), refunded))));
    } catch (SQLException e) {
      LOG.warnf("lease %s: %s", leave.leaving().leaseId(), e.getMessage()); // the node asks again
    }
  }

  private interface Note {
    boolean write() throws SQLException;
  }

  private void note(Note note) {
    try {
      if (!note.write()) {
        post(new Broken(new EndCause(EndCause.Kind.REPLACED, "another session has this node")));
      }
    } catch (SQLException e) {
      // What is noted is for people to see; the node is served without it.
      LOG.warnf("registry of nodes: %s", e.getMessage());
    }
  }

  private void write() {
    if (state instanceof SessionState.Ended) {
      return;
    }
    while (line.isReady()) {
      Optional<ControlSays> next = outbox.next();
      if (next.isEmpty()) {
        break;
      }
      line.say(next.get());
      if (next.get() instanceof ControlSays.Chunk && !outbox.isSending()) {
        endTurn();
      }
    }
    if (owesListening && outbox.waiting() < MAX_WAITING && usageLane.hasRoom()) {
      owesListening = false;
      line.listen();
    }
  }

  private void leave() {
    fleet.part(this);
    endTurn();
    usageLane.close();
    try {
      desks.nodes().left(id);
    } catch (SQLException e) {
      LOG.debugf("node %s: %s", identity.name(), e.getMessage()); // its silence tells as much
    }
  }

  private static EndCause unavailable(String sentence) {
    return new EndCause(EndCause.Kind.UNAVAILABLE, sentence);
  }
}
