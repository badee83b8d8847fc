package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.policy.PolicyStates;
import jakarta.inject.Singleton;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The state at the newest revision that this replica has compiled. A write reads anew what it has
 * changed itself and what others have changed since, by what their revisions say; all else stays
 * the same object, by which the compiler knows what it need not look at.
 */
@Singleton
class KnownState {

  private final PolicyStates states;
  private final Revisions revisions;
  private final TransactionSynchronizationRegistry transaction;
  private final AtomicReference<@Nullable Known> known = new AtomicReference<>();

  KnownState(
      PolicyStates states, Revisions revisions, TransactionSynchronizationRegistry transaction) {
    this.states = states;
    this.revisions = revisions;
    this.transaction = transaction;
  }

  /**
   * @param at when the revision was made: after a restore of the database the number alone could be
   *     another one's
   */
  private record Known(long revision, Instant at, PolicyState state) {}

  /**
   * The state as the caller's transaction has made it, and the one that it follows on, in which all
   * rules held.
   */
  record Now(PolicyState state, Optional<PolicyState> before) {}

  /**
   * Reads the state; the caller holds the lock.
   *
   * @param head the newest revision
   * @param written what the transaction has changed since
   */
  Now read(long head, List<Change> written) {
    Known last = known.get();
    if (last == null
        || last.revision() > head
        || !last.at().equals(revisions.at(last.revision()))) {
      return new Now(states.load(), Optional.empty());
    }
    List<Change> changes = new ArrayList<>(revisions.changesAfter(last.revision()));
    changes.addAll(written);
    return new Now(refreshed(last.state(), changes), Optional.of(last.state()));
  }

  private PolicyState refreshed(PolicyState state, List<Change> changes) {
    Map<Kind, Set<String>> touched = new EnumMap<>(Kind.class);
    for (Change change : changes) {
      Optional<Kind> kind = Kind.ofLabel(change.kind());
      if (kind.isEmpty()) {
        return states.load(); // of a build that knows more
      }
      touch(touched, kind.get(), change.tenant().orElse(change.name()));
      if (kind.get() == Kind.TENANT && change.action() == Change.Action.DELETED) {
        // With it goes what no change names, such as revoked keys.
        Arrays.stream(Kind.values())
            .filter(each -> each.owner() == Kind.Owner.TENANT)
            .forEach(each -> touch(touched, each, change.name()));
      }
    }
    return states.refresh(state, touched);
  }

  private static void touch(Map<Kind, Set<String>> touched, Kind kind, String name) {
    touched.computeIfAbsent(kind, each -> new HashSet<>()).add(name);
  }

  /** Takes note of a state and its revision once the caller's transaction has committed them. */
  void noteAtCommit(long revision, Instant at, PolicyState state) {
    Known next = new Known(revision, at, state);
    transaction.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
              known.set(next);
            }
          }
        });
  }
}
