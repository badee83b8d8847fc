package dev.penstock.controlplane.revision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.identity.Caller;
import dev.penstock.controlplane.manifest.Findings;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Manifest;
import dev.penstock.controlplane.manifest.Named;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.rollout.Pace;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.controlplane.tenant.TenantLines;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hibernate.Session;

/**
 * States again what an earlier revision stated, as a new revision: all of it or, where something no
 * longer fits, nothing.
 *
 * <p>It never makes good again what was revoked, suspended or expired, restores no value of a
 * secret, gives nobody a role back and moves no money; such things are named as left alone. Nor
 * does it take away what would be lost for good: keys that were made since stay, and a tenant that
 * has keys, secrets or members of its own stays with all it has.
 */
@Singleton
public class RollbackDesk {

  private static final List<Kind> STAYING = List.of(Kind.API_KEY, Kind.SECRET, Kind.MEMBER);

  private final Features features;
  private final History history;
  private final Removals removals;
  private final WriteGate gate;
  private final Revisions revisions;
  private final WriteDesk desk;
  private final TenantLines lines;
  private final Session session;

  RollbackDesk(
      Features features,
      History history,
      Removals removals,
      WriteGate gate,
      Revisions revisions,
      WriteDesk desk,
      TenantLines lines,
      Session session) {
    this.features = features;
    this.history = history;
    this.removals = removals;
    this.gate = gate;
    this.revisions = revisions;
    this.desk = desk;
    this.lines = lines;
    this.session = session;
  }

  /** Rolls back, all or nothing. */
  @Transactional
  public RolledBack rollback(Caller caller, long to, EntityTags ifMatch, Pace pace) {
    return roll(caller, to, ifMatch, pace).done();
  }

  /** What has been done, and how that is told to somebody who only asks. */
  record Rolled(RolledBack done, List<PlannedChange> planned) {}

  /** What is done on the way. */
  private static final class Work {
    final List<PlannedChange> planned = new ArrayList<>();
    final List<Change> changes = new ArrayList<>();
    final List<Touched> touched = new ArrayList<>();
    final List<LeftAlone> leftAlone = new ArrayList<>();
  }

  Rolled roll(Caller caller, long to, EntityTags ifMatch, Pace pace) {
    long head = revisions.lock();
    ifMatch.check(EntityTag.ofRevision(head));
    Work work = new Work();
    List<ResourceRef> newer = new ArrayList<>();
    Findings findings = new Findings();
    List<Draft<?>> drafts = new ArrayList<>();
    for (History.Past past : history.at(to)) {
      Optional<ResourceRef> younger = judge(past, work, drafts, findings);
      younger.ifPresent(newer::add);
    }
    if (!findings.isEmpty()) {
      throw ProblemException.conflict(findings.all());
    }
    drafts.stream()
        .sorted(Comparator.comparing((Draft<?> draft) -> draft.ref().kind()))
        .forEach(draft -> restore(caller, draft, work));
    session.flush(); // what is below a tenant is asked of the database
    removable(newer, work).forEach(ref -> remove(caller, ref, work));
    long revision =
        desk.commit(
            caller.name(),
            head,
            work.changes,
            work.touched,
            new Release(pace, Optional.of(to)),
            broken ->
                ProblemException.conflict(broken.stream().map(WriteDesk::elsewhere).toList()));
    return new Rolled(
        new RolledBack(revision, to, work.changes, work.leftAlone), List.copyOf(work.planned));
  }

  /** Decides about one resource; answers it if it is younger than the revision. */
  private Optional<ResourceRef> judge(
      History.Past past, Work work, List<Draft<?>> drafts, Findings findings) {
    ResourceRef ref = past.ref();
    boolean exists = features.of(ref.kind()).store().find(ref).isPresent();
    if (!exists && past.spec().isEmpty()) {
      return Optional.empty(); // came and went
    }
    Optional<String> reason = whyNot(ref, exists, past.spec().isPresent());
    if (reason.isPresent()) {
      work.leftAlone.add(LeftAlone.of(ref, reason.get()));
      return Optional.empty();
    }
    if (past.spec().isEmpty()) {
      return Optional.of(ref);
    }
    drafts.add(read(ref, past.spec().get(), work, findings));
    if (!exists && ref.kind() == Kind.BUDGET) {
      work.leftAlone.add(
          LeftAlone.of(
              ref, "begins anew: what was spent under the one that was deleted is not moved"));
    }
    return Optional.empty();
  }

  private static Optional<String> whyNot(ResourceRef ref, boolean exists, boolean existed) {
    return switch (ref.kind()) {
      case SECRET -> Optional.of("a secret, its value and where it may be held stay as they are");
      case MEMBER -> Optional.of("who administers is not rolled back");
      case API_KEY -> {
        if (exists && existed) {
          yield Optional.empty();
        }
        yield Optional.of(
            exists
                ? "was made since; delete it to end it"
                : "was revoked since; a revoked key is never made good again");
      }
      case REGION, TENANT, PROVIDER, MODEL, ROUTE, GUARD, POLICY, BUDGET, RATE_LIMIT ->
          Optional.empty();
    };
  }

  private Draft<?> read(ResourceRef ref, ObjectNode spec, Work work, Findings findings) {
    Draft<?> draft = Draft.read(features.of(ref.kind()), Manifest.kept(ref, spec, findings));
    return switch (draft.wanted()) {
      case Tenant tenant -> keepSuspended(draft, tenant, work);
      case StoredKey key -> keepExpiry(draft, key, work);
      default -> draft;
    };
  }

  /** A suspension is lifted by whoever means to, and not along with something else. */
  private Draft<?> keepSuspended(Draft<?> draft, Tenant wanted, Work work) {
    Optional<? extends Named> stored = draft.feature().store().find(draft.ref());
    boolean suspended =
        stored.filter(now -> now instanceof Tenant tenant && tenant.suspended()).isPresent();
    if (!suspended || wanted.suspended()) {
      return draft;
    }
    work.leftAlone.add(LeftAlone.of(draft.ref(), "stays suspended"));
    return draft.with(wanted.asSuspended());
  }

  /** A key may live shorter than it did then, and not longer than it does now. */
  private Draft<?> keepExpiry(Draft<?> draft, StoredKey wanted, Work work) {
    Optional<? extends Named> stored = draft.feature().store().find(draft.ref());
    if (!(stored.orElse(null) instanceof StoredKey now)
        || now.expiresAt().isEmpty()
        || wanted.expiresAt().filter(at -> !at.isAfter(now.expiresAt().get())).isPresent()) {
      return draft;
    }
    work.leftAlone.add(LeftAlone.of(draft.ref(), "does not live longer than it would now"));
    return draft.with(wanted.expiringAt(now.expiresAt()));
  }

  private void restore(Caller caller, Draft<?> draft, Work work) {
    gate.requireWrite(caller, draft);
    Draft.Stored stored = draft.store(WriteOrder.Intent.APPLY);
    if (stored.change().action() == Change.Action.UNCHANGED) {
      return;
    }
    work.planned.add(stored.planned());
    work.changes.add(stored.change());
    stored.touched().ifPresent(work.touched::add);
  }

  private void remove(Caller caller, ResourceRef ref, Work work) {
    gate.requireDelete(caller, ref);
    Effect gone = removals.remove(ref);
    work.planned.add(PlannedChange.of(gone.change(), List.of()));
    work.changes.add(gone.change());
    work.touched.add(gone.touched());
  }

  /** In an order in which they can go: what refers before what it refers to. */
  private List<ResourceRef> removable(List<ResourceRef> newer, Work work) {
    Map<String, List<String>> below = new HashMap<>();
    newer.stream()
        .filter(ref -> ref.kind() == Kind.TENANT)
        .forEach(ref -> below.put(ref.name(), lines.below(ref.name())));
    Set<String> staying = new HashSet<>();
    below.forEach((tenant, others) -> {
      List<String> all = new ArrayList<>(others);
      all.add(tenant);
      boolean owns =
          STAYING.stream().anyMatch(kind -> !features.of(kind).store().ownedBy(all).isEmpty());
      if (owns || !below.keySet().containsAll(others)) {
        staying.add(tenant);
      }
    });
    staying.stream()
        .sorted()
        .forEach(tenant ->
            work.leftAlone.add(
                LeftAlone.of(
                    ResourceRef.ofPlatform(Kind.TENANT, tenant),
                    "was made since and has, or a tenant below it, API keys, secrets, members or"
                        + " tenants that stay; it stays with all it has")));
    return newer.stream()
        .filter(ref -> !staying.contains(ref.tenant().orElse(ref.name())) || !ofTenant(ref))
        .sorted(
            Comparator.comparing(ResourceRef::kind)
                .reversed()
                .thenComparing(ref -> below.getOrDefault(ref.name(), List.of()).size())
                .thenComparing(ResourceRef::toString))
        .toList();
  }

  private static boolean ofTenant(ResourceRef ref) {
    return ref.kind() == Kind.TENANT || ref.tenant().isPresent();
  }
}
