package dev.penstock.dataplane.snapshot;

import dev.penstock.kernel.snapshot.PersistentMap;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import dev.penstock.kernel.snapshot.PolicyContent.TenantPolicy;
import dev.penstock.kernel.snapshot.ServiceAccount;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one owner of the snapshot in force: readers take a reference, the snapshot client swaps it.
 *
 * <p>A revocation can overtake the snapshot that contains it. So it is remembered with its revision
 * and laid over every older snapshot, whichever of the two comes first.
 */
public final class CurrentSnapshot {

  private record State(@Nullable ServingSnapshot serving, Map<String, Long> revokedAt) {}

  private final AtomicReference<State> state = new AtomicReference<>(new State(null, Map.of()));
  private final Freshness freshness = new Freshness();
  private final List<Consumer<Set<String>>> listeners = new CopyOnWriteArrayList<>();

  /** The snapshot in force; null before the first. */
  public @Nullable ServingSnapshot get() {
    return state.get().serving();
  }

  /** How old it may be. */
  public Freshness freshness() {
    return freshness;
  }

  public boolean present() {
    return get() != null;
  }

  /**
   * Whether a key or a service account may be used now, whatever an exchange that began earlier was
   * told.
   */
  public boolean isUsable(String principalId) {
    ServingSnapshot serving = get();
    if (serving == null || serving.revokedKeyIds().contains(principalId)) {
      return false;
    }
    KeyRule key = serving.content().keysById().get(principalId);
    return key == null ? hasAccount(serving.content(), principalId) : !key.revoked();
  }

  /** Suspension is told of keys one by one, of service accounts by their tenant's policy. */
  private static boolean hasAccount(PolicyContent content, String clientHash) {
    ServiceAccount account = content.serviceAccounts().get(clientHash);
    TenantPolicy tenant = account == null ? null : content.tenants().get(account.tenant());
    return tenant != null && tenant.policy().suspendedBy().isEmpty();
  }

  /**
   * Adds a listener for ids of keys and service accounts that were usable and are no longer. It is
   * called on the thread that brought the news, after {@link #get} has it, and must hand over to
   * its own.
   */
  public void onRevoked(Consumer<Set<String>> listener) {
    listeners.add(listener);
  }

  /** Puts a snapshot in force; the caller has checked and stored it. */
  public void swap(ServingSnapshot next) {
    State before = state.getAndUpdate(old -> over(next, old.revokedAt()));
    ServingSnapshot last = before.serving();
    if (last != null) {
      tell(lost(last, next));
    }
  }

  /** Refuses keys and service accounts at once, whatever the snapshot in force says of them. */
  public void revoke(long revision, Set<String> ids) {
    Map<String, Long> revokedAt = new HashMap<>();
    ids.forEach(id -> revokedAt.put(id, revision));
    revoke(revokedAt);
  }

  /**
   * The same.
   *
   * @param added the revision that revokes each, by its id
   */
  void revoke(Map<String, Long> added) {
    state.updateAndGet(old -> {
      Map<String, Long> revokedAt = new HashMap<>(old.revokedAt());
      added.forEach((id, revision) -> revokedAt.merge(id, revision, Math::max));
      ServingSnapshot serving = old.serving();
      return serving == null ? new State(null, revokedAt) : over(serving, revokedAt);
    });
    tell(added.keySet());
  }

  /** Revocations that have overtaken the snapshot in force: the revision of each, by its id. */
  Map<String, Long> revokedAhead() {
    return Map.copyOf(state.get().revokedAt());
  }

  private static State over(ServingSnapshot serving, Map<String, Long> revokedAt) {
    Map<String, Long> newer = new HashMap<>(revokedAt);
    newer.values().removeIf(revision -> revision <= serving.revision());
    return new State(serving.withRevoked(newer.keySet()), newer);
  }

  private static Set<String> lost(ServingSnapshot before, ServingSnapshot after) {
    Set<String> lost = new HashSet<>();
    PersistentMap<String, KeyRule> keysBefore = PersistentMap.copyOf(before.content().keysById());
    PersistentMap<String, KeyRule> keysAfter = PersistentMap.copyOf(after.content().keysById());
    // After a delta the two share all but what it changed: this does not look at every key.
    for (String id : keysBefore.keysNotSharedWith(keysAfter)) {
      KeyRule key = keysBefore.get(id);
      KeyRule now = keysAfter.get(id);
      if (key != null && !key.revoked() && (now == null || now.revoked())) {
        lost.add(id);
      }
    }
    lost.addAll(accountsLost(before.content(), after.content()));
    return lost;
  }

  private static Set<String> accountsLost(PolicyContent before, PolicyContent after) {
    Set<String> lost = new HashSet<>();
    PersistentMap<String, TenantPolicy> tenants = PersistentMap.copyOf(before.tenants());
    for (String name : tenants.keysNotSharedWith(PersistentMap.copyOf(after.tenants()))) {
      TenantPolicy tenant = tenants.get(name);
      if (tenant != null && tenant.policy().suspendedBy().isEmpty()) {
        tenant.serviceAccounts().stream()
            .map(ServiceAccount::clientHash)
            .filter(hash -> !hasAccount(after, hash))
            .forEach(lost::add);
      }
    }
    return lost;
  }

  private void tell(Set<String> keyIds) {
    if (!keyIds.isEmpty()) {
      listeners.forEach(listener -> listener.accept(Set.copyOf(keyIds)));
    }
  }
}
