package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.identity.Caller;
import dev.penstock.controlplane.impact.Impact;
import dev.penstock.controlplane.manifest.Findings;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.rollout.Pace;
import jakarta.inject.Singleton;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tells what a write would do, by doing it and taking it back: so it refuses what {@link WriteDesk}
 * would refuse, and holds the same lock for as long.
 */
@Singleton
public class PlanDesk {

  private final WriteDesk desk;
  private final RollbackDesk rollbacks;
  private final Revisions revisions;
  private final KnownState known;
  private final TransactionSynchronizationRegistry transaction;

  PlanDesk(
      WriteDesk desk,
      RollbackDesk rollbacks,
      Revisions revisions,
      KnownState known,
      TransactionSynchronizationRegistry transaction) {
    this.desk = desk;
    this.rollbacks = rollbacks;
    this.revisions = revisions;
    this.known = known;
    this.transaction = transaction;
  }

  /** What {@link WriteDesk#write} would do. */
  @Transactional
  public Plan write(WriteOrder order, Findings findings) {
    return plan(() -> desk.store(order, findings));
  }

  /** What {@link WriteDesk#delete} would do. */
  @Transactional
  public Plan delete(
      Caller caller, ResourceRef ref, EntityTags ifMatch, Descent descent, Pace pace) {
    return plan(() -> desk.remove(caller, ref, ifMatch, descent, pace));
  }

  /** What {@link WriteDesk#rotate} would do. */
  @Transactional
  public Plan rotate(Caller caller, ResourceRef ref, Duration overlap) {
    return plan(() -> desk.succeed(caller, ref, overlap));
  }

  /** What {@link RollbackDesk#rollback} would do. */
  @Transactional
  public RollbackPlan rollback(Caller caller, long to, EntityTags ifMatch, Pace pace) {
    List<LeftAlone> leftAlone = new ArrayList<>();
    Plan plan =
        plan(() -> {
          RollbackDesk.Rolled rolled = rollbacks.roll(caller, to, ifMatch, pace);
          leftAlone.addAll(rolled.done().leftAlone());
          return new WriteDesk.Done(
              new Written(rolled.done().revision(), rolled.done().changes(), List.of()),
              rolled.planned());
        });
    return new RollbackPlan(plan.revision(), to, plan.changes(), plan.impact(), leftAlone);
  }

  private Plan plan(Supplier<WriteDesk.Done> write) {
    long head = revisions.lock();
    PolicyState before = known.read(head, List.of()).state();
    List<PlannedChange> changes = write.get().planned();
    // The write has made its revision, which says what to read anew.
    Impact impact = Impact.between(before, known.read(head, List.of()).state());
    transaction.setRollbackOnly();
    return new Plan(head, changes, impact);
  }
}
