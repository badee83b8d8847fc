package dev.penstock.simulation;

import dev.penstock.kernel.lease.LeaseAsk;
import dev.penstock.kernel.lease.LeaseGrant;
import dev.penstock.kernel.lease.LeaseRecall;
import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.LeaseBalance.Standing;
import dev.penstock.kernel.ledger.WindowBalance;
import dev.penstock.simulation.Message.FromControl;
import dev.penstock.simulation.Message.FromNode;
import dev.penstock.simulation.Message.Sender;
import dev.penstock.simulation.Violation.Invariant;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

/** The control plane: whichever replica answers, on the database that all of them share. */
final class SimControl {

  private static final Duration TICK = Duration.ofSeconds(1);

  private final World world;
  private final Design design;
  private final SimLedger ledger;
  private final BiConsumer<String, FromControl> say;
  private final Map<UUID, Long> heardOfSpool = new HashMap<>();
  private final Map<UUID, Long> connectedSince = new HashMap<>();
  private final Map<UUID, Long> heardOfLease = new HashMap<>();
  private final Map<UUID, Long> quarantinedAt = new HashMap<>();
  private boolean up = true;
  private long startedAt;
  private long learningUntil;
  private long clockOffset;

  /**
   * @param say sends to a node, by its name
   */
  SimControl(World world, Design design, SimLedger ledger, BiConsumer<String, FromControl> say) {
    this.world = world;
    this.design = design;
    this.ledger = ledger;
    this.say = say;
    world.after(TICK, this::tick);
  }

  boolean isUp() {
    return up;
  }

  void stop() {
    up = false;
  }

  /** A replica takes over: for a while it takes nobody for silent. */
  void start() {
    up = true;
    startedAt = clock();
  }

  /** Another database server goes on, with all that was committed. */
  void onDatabaseFailover() {
    learningUntil = clock() + Scenario.TTL.toNanos();
  }

  void jump(Duration by) {
    clockOffset += by.toNanos();
  }

  private long clock() {
    return world.now() + clockOffset;
  }

  /** How far a node's records are committed; the node's process is the newest from here on. */
  long greet(Sender sender) {
    ledger.greet(sender);
    connectedSince.put(sender.spoolId(), clock());
    heardOfSpool.put(sender.spoolId(), clock());
    return ledger.usage().acked(sender.spoolId());
  }

  void onSaid(Sender sender, FromNode said) {
    if (!up || ledger.isReplaced(sender)) {
      return; // another session has the node
    }
    heardOfSpool.put(sender.spoolId(), clock());
    switch (said) {
      case Message.Alive alive -> {}
      case Message.Ask(LeaseAsk ask) -> answer(sender, ask);
      case Message.Return(var given) -> {
        LeaseBalance after = ledger.giveBack(sender, given);
        same(after, ledger.giveBack(sender, given));
        say.accept(sender.node(), recall(after));
      }
      case Message.End(var end) -> {
        heardOfLease.put(UUID.fromString(end.leaseId()), clock());
        if (ledger.close(sender, end)) {
          ledger.close(sender, end);
          say.accept(sender.node(), new Message.Closed(end.leaseId()));
        }
      }
      case Message.Used(long firstSeq, var records) -> {
        long acked = ledger.usage().ingest(sender, firstSeq, records);
        say.accept(sender.node(), new Message.Acked(sender.spoolId(), acked));
      }
    }
  }

  private static void same(LeaseBalance one, LeaseBalance other) {
    if (!one.equals(other)) {
      throw new Violation(Invariant.REPEATS_CHANGE_NOTHING, one + " becomes " + other);
    }
  }

  private void answer(Sender sender, LeaseAsk ask) {
    SimLedger.Answer answer = ledger.request(sender, ask, clock(), clock() < learningUntil);
    LeaseBalance lease = answer.decision().lease();
    heardOfLease.put(lease.leaseId(), clock());
    WindowBalance window = answer.decision().window();
    LeaseGrant grant =
        new LeaseGrant(
            ask.leaseId(),
            lease.granted(),
            lease.givenBack(),
            lease.recallTotal(),
            state(answer),
            Duration.ofNanos(answer.windowEndsIn()).toMillis()
                + (answer.windowEndsIn() > 0 ? 1 : 0),
            500,
            window.available(),
            window.limit());
    say.accept(
        sender.node(), new Message.Grant(over(answer) ? ended(grant) : grant, answer.added()));
  }

  private static boolean over(SimLedger.Answer answer) {
    return answer.windowEndsIn() == 0;
  }

  /** A window that is over ends in the next millisecond. */
  private static LeaseGrant ended(LeaseGrant grant) {
    return new LeaseGrant(
        grant.leaseId(),
        grant.grantedTotal(),
        grant.returnedTotal(),
        grant.recallTotal(),
        grant.state(),
        1,
        grant.retryAfterMillis(),
        grant.windowAvailable(),
        grant.windowLimit());
  }

  private static LeaseGrant.State state(SimLedger.Answer answer) {
    return switch (answer.decision().verdict()) {
      case ACTIVE -> LeaseGrant.State.ACTIVE;
      case EXHAUSTED ->
          answer.recalling() ? LeaseGrant.State.RECALLING : LeaseGrant.State.EXHAUSTED;
      case QUARANTINED -> LeaseGrant.State.QUARANTINED;
      case CLOSED, NOT_YET -> LeaseGrant.State.CLOSED;
    };
  }

  private static Message.Recall recall(LeaseBalance lease) {
    return new Message.Recall(
        new LeaseRecall(lease.leaseId().toString(), lease.recallTotal(), lease.givenBack()));
  }

  private void tick() {
    if (up) {
      ledger.align(clock());
      ledger.books().openLeases().forEach(this::remind);
      if (clock() - startedAt >= Scenario.QUIET_START.toNanos() && clock() >= learningUntil) {
        ledger.books().openLeases().forEach(this::age);
      }
      ledger.books().checkAll();
    }
    world.after(TICK, this::tick);
  }

  /** A node that asks nothing has to be told; again until it has done what is wanted. */
  private void remind(LeaseBalance lease) {
    if (lease.standing() == Standing.QUARANTINED) {
      say.accept(lease.node(), new Message.Grant(quarantined(lease), 0));
    } else if (lease.recalled() > 0) {
      say.accept(lease.node(), recall(lease));
    }
  }

  private static LeaseGrant quarantined(LeaseBalance lease) {
    return new LeaseGrant(
        lease.leaseId().toString(),
        lease.granted(),
        lease.givenBack(),
        0,
        LeaseGrant.State.QUARANTINED,
        0,
        0,
        0,
        0);
  }

  private void age(LeaseBalance lease) {
    if (lease.standing() == Standing.ACTIVE && isSilent(lease)) {
      ledger.expire(lease);
      quarantinedAt.put(lease.leaseId(), clock());
      return;
    }
    if (lease.standing() != Standing.QUARANTINED) {
      return;
    }
    long since = clock() - quarantinedAt.getOrDefault(lease.leaseId(), clock());
    if (since >= Scenario.MAX_STREAM.toNanos()) {
      if (design == Design.STOP_AT_EXPIRY) {
        ledger.reclaim(lease);
        return;
      }
      ledger.release(lease);
    }
    if (since >= Scenario.PRESUME_AFTER.toNanos()) {
      ledger.presume(ledger.books().lease(lease.leaseId()));
    }
  }

  /** Its node is silent, or has come back and does not know it. */
  private boolean isSilent(LeaseBalance lease) {
    long ttl = Scenario.TTL.toNanos();
    long heard = heardOfLease.getOrDefault(lease.leaseId(), 0L);
    if (clock() - heard < ttl) {
      return false;
    }
    long since = connectedSince.getOrDefault(lease.spoolId(), 0L);
    boolean isMissed = heard < since && clock() - since >= ttl;
    return isMissed || clock() - heardOfSpool.getOrDefault(lease.spoolId(), 0L) >= ttl;
  }
}
