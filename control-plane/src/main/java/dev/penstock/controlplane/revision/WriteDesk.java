package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.apikey.ApiKeys;
import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.identity.Caller;
import dev.penstock.controlplane.manifest.Findings;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Manifest;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.policy.PolicyStates;
import dev.penstock.controlplane.policy.StateRules;
import dev.penstock.controlplane.policy.StateRules.Broken;
import dev.penstock.controlplane.problem.Finding;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.provisioning.ProvisioningOutbox;
import dev.penstock.controlplane.rollout.NewRevision;
import dev.penstock.controlplane.rollout.Pace;
import dev.penstock.controlplane.rollout.Rollouts;
import dev.penstock.controlplane.snapshot.CompiledSnapshot;
import dev.penstock.controlplane.snapshot.SnapshotStore;
import dev.penstock.controlplane.snapshot.Snapshots;
import io.quarkus.narayana.jta.runtime.TransactionConfiguration;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * The one path of every write: lock → store → prove the whole → number → compile → check → keep.
 *
 * <p>All in one transaction: either everything of a request is in force, under one revision and
 * with a snapshot for every region, or nothing has happened. So no crash leaves a revision without
 * its snapshots. A write that changes nothing makes no revision.
 */
@Singleton
public class WriteDesk {

  /**
   * Everything is read and compiled at a start, and nothing is served before; a start that were cut
   * off on a slow machine would only begin anew.
   */
  private static final int START_SECONDS = 600;

  private static final Set<Kind> ENDED = Set.of(Kind.TENANT, Kind.BUDGET);

  private final Features features;
  private final ReadDesk readDesk;
  private final Removals removals;
  private final PolicyStates states;
  private final Snapshots snapshots;
  private final Revisions revisions;
  private final KnownState known;
  private final ApiKeys apiKeys;
  private final WriteGate gate;
  private final ChangeAudit audit;
  private final History history;
  private final ProvisioningOutbox provisioning;
  private final Rollouts rollouts;
  private final Clock clock = Clock.systemUTC();

  WriteDesk(
      Features features,
      ReadDesk readDesk,
      Removals removals,
      PolicyStates states,
      Snapshots snapshots,
      Revisions revisions,
      KnownState known,
      ApiKeys apiKeys,
      WriteGate gate,
      ChangeAudit audit,
      History history,
      ProvisioningOutbox provisioning,
      Rollouts rollouts) {
    this.features = features;
    this.readDesk = readDesk;
    this.removals = removals;
    this.states = states;
    this.snapshots = snapshots;
    this.revisions = revisions;
    this.known = known;
    this.apiKeys = apiKeys;
    this.gate = gate;
    this.audit = audit;
    this.history = history;
    this.provisioning = provisioning;
    this.rollouts = rollouts;
  }

  /** Writes what is ordered, all or nothing. Findings of the reader are part of the verdict. */
  @Transactional
  public Written write(WriteOrder order, Findings findings) {
    return store(order, findings).written();
  }

  /**
   * Deletes a resource, unless something refers to it.
   *
   * @return the new revision
   */
  @Transactional
  public long delete(
      Caller caller, ResourceRef ref, EntityTags ifMatch, Descent descent, Pace pace) {
    return remove(caller, ref, ifMatch, descent, pace).written().revision();
  }

  /**
   * Gives an API key a successor of the same name.
   *
   * @param overlap how long the old one is still good
   */
  @Transactional
  public Written rotate(Caller caller, ResourceRef ref, Duration overlap) {
    return succeed(caller, ref, overlap).written();
  }

  /** What has been done, and how that is told to somebody who only asks. */
  record Done(Written written, List<PlannedChange> planned) {}

  Done store(WriteOrder order, Findings findings) {
    List<Draft<?>> drafts = new ArrayList<>();
    for (Manifest manifest : order.manifests()) {
      drafts.add(Draft.read(features.of(manifest.ref().kind()), manifest));
    }
    findings.refuseIfAny();
    long head = revisions.lock();
    drafts.forEach(draft -> gate.requireWrite(order.caller(), draft));
    check(order, head);
    Map<ResourceRef, Draft.Stored> stored = new HashMap<>();
    drafts.stream()
        .sorted(Comparator.comparing((Draft<?> draft) -> draft.ref().kind()))
        .forEach(draft -> stored.put(draft.ref(), draft.store(order.intent())));
    Map<ResourceRef, String> paths = new HashMap<>();
    drafts.forEach(draft -> paths.put(draft.ref(), draft.path()));

    List<PlannedChange> planned = new ArrayList<>();
    List<Change> changes = new ArrayList<>();
    List<Touched> touched = new ArrayList<>();
    List<MintedKey> keys = new ArrayList<>();
    for (Draft<?> draft : drafts) { // in the order of the request
      Draft.Stored done = Objects.requireNonNull(stored.get(draft.ref()));
      planned.add(done.planned());
      changes.add(done.change());
      done.touched().ifPresent(touched::add);
      done.shownOnce()
          .ifPresent(key -> keys.add(new MintedKey(draft.ref().owner(), draft.ref().name(), key)));
    }
    if (order.others() == Others.PRUNE) {
      for (ResourceRef ref : removals.leftOut(paths.keySet())) {
        gate.requireDelete(order.caller(), ref);
        Effect gone = removals.remove(ref);
        planned.add(PlannedChange.of(gone.change(), List.of()));
        changes.add(gone.change());
        touched.add(gone.touched());
      }
    }
    long revision =
        commit(
            order.caller().name(),
            head,
            changes,
            touched,
            Release.of(order.pace()),
            broken -> ProblemException.refused(inRequest(broken, paths)));
    return new Done(new Written(revision, changes, keys), planned);
  }

  /** After the lock: what the caller has seen must be what it is about to change. */
  private void check(WriteOrder order, long head) {
    switch (order.intent()) {
      case REPLACE ->
          order
              .manifests()
              .forEach(manifest -> order.ifMatch().check(readDesk.show(manifest.ref()).tag()));
      case APPLY -> order.ifMatch().check(EntityTag.ofRevision(head));
      case CREATE -> {} // nothing can have been seen
    }
  }

  Done remove(Caller caller, ResourceRef ref, EntityTags ifMatch, Descent descent, Pace pace) {
    long head = revisions.lock();
    gate.requireDelete(caller, ref);
    ifMatch.check(readDesk.show(ref).tag());
    List<Effect> gone = removals.remove(ref, descent);
    // Nor may it take along what the caller may not delete: secrets have their custodian.
    gone.forEach(effect -> gate.requireDelete(caller, effect.touched().ref()));
    return done(caller, head, gone, List.of(), pace);
  }

  Done succeed(Caller caller, ResourceRef ref, Duration overlap) {
    long head = revisions.lock();
    gate.requireWrite(caller, ref);
    StoredKey stored =
        apiKeys.find(ref).orElseThrow(() -> ProblemException.notFound(ref + " does not exist"));
    MintedKey key = new MintedKey(ref.owner(), ref.name(), apiKeys.rotate(stored, overlap));
    StoredKey successor = apiKeys.find(ref).orElseThrow();
    Effect rotated =
        new Effect(
            Change.of(ref, Change.Action.ROTATED),
            Touched.rotated(apiKeys, ref, stored, successor));
    return done(caller, head, List.of(rotated), List.of(key), Pace.AT_ONCE);
  }

  private Done done(Caller caller, long head, List<Effect> all, List<MintedKey> keys, Pace pace) {
    List<Change> changes = all.stream().map(Effect::change).toList();
    long revision =
        commit(
            caller.name(),
            head,
            changes,
            all.stream().map(Effect::touched).toList(),
            Release.of(pace),
            broken ->
                ProblemException.conflict(broken.stream().map(WriteDesk::elsewhere).toList()));
    return new Done(
        new Written(revision, changes, keys),
        changes.stream().map(change -> PlannedChange.of(change, List.of())).toList());
  }

  /** How to say that rules do not hold. */
  interface Verdict {
    ProblemException of(List<Broken> broken);
  }

  /**
   * Proves, numbers, compiles and keeps what the caller's transaction has changed under the lock.
   *
   * @return the new revision, or {@code head} where nothing has changed
   */
  long commit(
      String author,
      long head,
      List<Change> all,
      List<Touched> touched,
      Release release,
      Verdict verdict) {
    List<Change> changes =
        all.stream().filter(change -> change.action() != Change.Action.UNCHANGED).toList();
    if (changes.isEmpty()) {
      return head;
    }
    KnownState.Now now = known.read(head, changes);
    PolicyState state = now.state();
    List<Broken> broken =
        now.before()
            .map(before -> StateRules.check(before, state))
            .orElseGet(() -> StateRules.check(state));
    if (!broken.isEmpty()) {
      throw verdict.of(broken);
    }
    Instant at = now();
    long revision = publish(author, at, release, changes, state);
    history.append(revision, touched);
    audit.append(author, at, revision, touched, state.tree());
    release.rollbackOf().ifPresent(earlier -> audit.appendRollback(author, at, revision, earlier));
    provisioning.note(revision, signedInto(changes));
    return revision;
  }

  /** The tenants of which something has changed that their people need to sign in. */
  private static Set<String> signedInto(List<Change> changes) {
    Set<String> tenants = new TreeSet<>();
    for (Change change : changes) {
      if (change.kind().equals(Kind.TENANT.label())) {
        tenants.add(change.name());
      } else if (change.kind().equals(Kind.MEMBER.label())) {
        change.tenant().ifPresent(tenants::add);
      }
    }
    return tenants;
  }

  private long publish(
      String author, Instant at, Release release, List<Change> changes, PolicyState state) {
    List<CompiledSnapshot> compiled = snapshots.compile(state);
    List<Finding> errors =
        compiled.stream()
            .flatMap(snapshot -> snapshot.errors().stream())
            .map(error -> new Finding(error.resourceKey(), error.code() + ": " + error.message()))
            .distinct()
            .toList();
    if (!errors.isEmpty()) {
      throw ProblemException.refused(errors);
    }
    long revision = revisions.next(author, at, release.rollbackOf(), changes);
    rollouts.note(
        new NewRevision(
            revision,
            revision - 1,
            author,
            at,
            release.pace(),
            release.rollbackOf(),
            ended(changes)));
    // Tenants disappear only when somebody has named them for deletion. A node may be that many
    // revisions behind, so a deletion stays "meant" for as long.
    long kept = rollouts.keptBase().orElse(revision);
    long behind = Math.min(revision - SnapshotStore.RETAINED_REVISIONS, kept);
    boolean meant = revisions.deletedSince(behind, Kind.TENANT.label());
    snapshots.store(compiled, revision, meant, release.rollbackOf().orElse(0L), kept);
    known.noteAtCommit(revision, at, state);
    return revision;
  }

  /** What the nodes that wait for a rollout cannot do without. */
  private static List<String> ended(List<Change> changes) {
    return changes.stream()
        .filter(change -> change.action() == Change.Action.DELETED)
        .flatMap(change ->
            Kind.ofLabel(change.kind())
                .filter(ENDED::contains)
                .map(kind -> new ResourceRef(kind, change.tenant(), change.name()).toString())
                .stream())
        .toList();
  }

  /**
   * Numbers a revision of unchanged state where the newest snapshots are not what this build would
   * compile from it: after an upgrade, with another signing key, or with snapshots lost.
   *
   * @return whether that was so
   */
  @Transactional
  @TransactionConfiguration(timeout = START_SECONDS)
  boolean recompile(String author) {
    long head = revisions.lock();
    PolicyState state = states.load();
    if (snapshots.compile(state).stream().allMatch(snapshots::isCurrent)) {
      Instant at = revisions.at(head);
      if (at != null) {
        known.noteAtCommit(head, at, state); // else the first write would read all of it again
      }
      return false;
    }
    publish(author, now(), Release.of(Pace.AT_ONCE), List.of(), state);
    return true;
  }

  /** As exact as the database keeps it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static List<Finding> inRequest(List<Broken> broken, Map<ResourceRef, String> paths) {
    List<Finding> here =
        broken.stream()
            .filter(each -> paths.containsKey(each.resource()))
            .map(each -> new Finding(paths.get(each.resource()) + each.field(), each.detail()))
            .toList();
    return here.isEmpty() ? broken.stream().map(WriteDesk::elsewhere).toList() : here;
  }

  static Finding elsewhere(Broken broken) {
    return new Finding(broken.resource() + " " + broken.field(), broken.detail());
  }
}
