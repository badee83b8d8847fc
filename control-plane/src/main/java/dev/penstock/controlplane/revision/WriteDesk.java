package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.apikey.ApiKeys;
import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.identity.Caller;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Findings;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Manifest;
import dev.penstock.controlplane.manifest.Named;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.policy.PolicyStates;
import dev.penstock.controlplane.policy.StateRules;
import dev.penstock.controlplane.policy.StateRules.Broken;
import dev.penstock.controlplane.problem.Finding;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.snapshot.CompiledSnapshot;
import dev.penstock.controlplane.snapshot.SnapshotStore;
import dev.penstock.controlplane.snapshot.Snapshots;
import jakarta.inject.Singleton;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The one path of every write: lock → store → prove the whole → number → compile → check → keep.
 *
 * <p>All in one transaction: either everything of a request is in force, under one revision and
 * with a snapshot for every region, or nothing has happened. So no crash leaves a revision without
 * its snapshots. A write that changes nothing makes no revision.
 */
@Singleton
public class WriteDesk {

  private final Features features;
  private final PolicyStates states;
  private final Snapshots snapshots;
  private final Revisions revisions;
  private final ApiKeys apiKeys;
  private final TransactionSynchronizationRegistry transaction;
  private final Clock clock = Clock.systemUTC();

  WriteDesk(
      Features features,
      PolicyStates states,
      Snapshots snapshots,
      Revisions revisions,
      ApiKeys apiKeys,
      TransactionSynchronizationRegistry transaction) {
    this.features = features;
    this.states = states;
    this.snapshots = snapshots;
    this.revisions = revisions;
    this.apiKeys = apiKeys;
    this.transaction = transaction;
  }

  /** What a request means by its manifests. */
  public enum Intent {
    /** Each is to be so, whether it exists or not. */
    APPLY,
    /** Each must be new. */
    CREATE,
    /** Each must exist. */
    REPLACE
  }

  /** Writes the manifests, all or none. Findings of the reader are part of the verdict. */
  @Transactional
  public Written write(Caller caller, List<Manifest> manifests, Intent intent, Findings findings) {
    return store(caller.name(), manifests, intent, findings);
  }

  /** What {@link #write} would do, found out by doing it and taking it back. */
  @Transactional
  public List<Change> plan(List<Manifest> manifests, Findings findings) {
    List<Change> changes = store("plan", manifests, Intent.APPLY, findings).changes();
    transaction.setRollbackOnly();
    return changes;
  }

  private Written store(String author, List<Manifest> manifests, Intent intent, Findings findings) {
    List<Draft<?>> drafts = new ArrayList<>();
    for (Manifest manifest : manifests) {
      drafts.add(Draft.read(features.of(manifest.ref().kind()), manifest));
    }
    findings.refuseIfAny();
    long head = revisions.lock();
    Map<ResourceRef, Draft.Stored> stored = new HashMap<>();
    drafts.stream()
        .sorted(Comparator.comparing((Draft<?> draft) -> draft.ref().kind()))
        .forEach(draft -> stored.put(draft.ref(), draft.store(intent)));
    Map<ResourceRef, String> paths = new HashMap<>();
    drafts.forEach(draft -> paths.put(draft.ref(), draft.path()));

    List<Change> changes = new ArrayList<>();
    List<MintedKey> keys = new ArrayList<>();
    for (Draft<?> draft : drafts) { // in the order of the request
      Draft.Stored done = Objects.requireNonNull(stored.get(draft.ref()));
      changes.add(done.change());
      done.shownOnce()
          .ifPresent(key -> keys.add(new MintedKey(draft.ref().owner(), draft.ref().name(), key)));
    }
    long revision =
        commit(author, head, changes, broken -> ProblemException.refused(inRequest(broken, paths)));
    return new Written(revision, changes, keys);
  }

  /**
   * Deletes a resource, unless something refers to it.
   *
   * @return the new revision
   */
  @Transactional
  public long delete(Caller caller, ResourceRef ref) {
    long head = revisions.lock();
    delete(features.of(ref.kind()), ref);
    if (ref.kind() == Kind.TENANT) {
      apiKeys.forgetRevoked(ref.name());
    }
    return commit(
        caller.name(),
        head,
        List.of(Change.of(ref, Change.Action.DELETED)),
        broken -> ProblemException.conflict(broken.stream().map(WriteDesk::elsewhere).toList()));
  }

  /**
   * Gives an API key a successor of the same name.
   *
   * @param overlap how long the old one is still good
   */
  @Transactional
  public Written rotate(Caller caller, ResourceRef ref, Duration overlap) {
    long head = revisions.lock();
    StoredKey stored =
        apiKeys.find(ref).orElseThrow(() -> ProblemException.notFound(ref + " does not exist"));
    MintedKey key = new MintedKey(ref.owner(), ref.name(), apiKeys.rotate(stored, overlap));
    List<Change> changes = List.of(Change.of(ref, Change.Action.ROTATED));
    long revision =
        commit(
            caller.name(),
            head,
            changes,
            broken ->
                ProblemException.conflict(broken.stream().map(WriteDesk::elsewhere).toList()));
    return new Written(revision, changes, List.of(key));
  }

  private static <R extends Named> void delete(Feature<R> feature, ResourceRef ref) {
    Optional<R> stored = feature.store().find(ref);
    feature
        .store()
        .delete(stored.orElseThrow(() -> ProblemException.notFound(ref + " does not exist")));
  }

  /** How to say that rules do not hold. */
  private interface Verdict {
    ProblemException of(List<Broken> broken);
  }

  private long commit(String author, long head, List<Change> all, Verdict verdict) {
    List<Change> changes =
        all.stream().filter(change -> change.action() != Change.Action.UNCHANGED).toList();
    if (changes.isEmpty()) {
      return head;
    }
    PolicyState state = states.load();
    List<Broken> broken = StateRules.check(state);
    if (!broken.isEmpty()) {
      throw verdict.of(broken);
    }
    return publish(author, changes, state);
  }

  private long publish(String author, List<Change> changes, PolicyState state) {
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
    long revision = revisions.next(author, clock.instant(), changes);
    // Tenants disappear only when somebody has named them for deletion. A node may be that many
    // revisions behind, so a deletion stays "meant" for as long.
    boolean meant =
        revisions.deletedSince(revision - SnapshotStore.RETAINED_REVISIONS, Kind.TENANT.label());
    snapshots.store(compiled, revision, meant);
    return revision;
  }

  /**
   * Numbers a revision of unchanged state where the newest snapshots are not what this build would
   * compile from it: after an upgrade, with another signing key, or with snapshots lost.
   *
   * @return whether that was so
   */
  @Transactional
  boolean recompile(String author) {
    revisions.lock();
    PolicyState state = states.load();
    if (snapshots.compile(state).stream().allMatch(snapshots::isCurrent)) {
      return false;
    }
    publish(author, List.of(), state);
    return true;
  }

  private static List<Finding> inRequest(List<Broken> broken, Map<ResourceRef, String> paths) {
    List<Finding> here =
        broken.stream()
            .filter(each -> paths.containsKey(each.resource()))
            .map(each -> new Finding(paths.get(each.resource()) + each.field(), each.detail()))
            .toList();
    return here.isEmpty() ? broken.stream().map(WriteDesk::elsewhere).toList() : here;
  }

  private static Finding elsewhere(Broken broken) {
    return new Finding(broken.resource() + " " + broken.field(), broken.detail());
  }
}
