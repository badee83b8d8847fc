package dev.penstock.controlplane.snapshot;

import dev.penstock.controlplane.policy.PolicyState;
import dev.penstock.controlplane.secret.DeliveryKeys;
import dev.penstock.controlplane.secret.Peppers;
import dev.penstock.controlplane.secret.TenantAliases;
import dev.penstock.kernel.snapshot.SnapshotDigest;
import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Compiles, checks, signs and stores the snapshots of all regions; in the caller's transaction. */
@Singleton
public class Snapshots {

  private final SnapshotStore store;
  private final SnapshotSigner signer;
  private final Peppers peppers;
  private final DeliveryKeys deliveryKeys;
  private final TenantAliases aliases;
  private final ConcurrentMap<String, RegionCompiler> compilers = new ConcurrentHashMap<>();

  Snapshots(
      SnapshotStore store,
      SnapshotSigner signer,
      Peppers peppers,
      DeliveryKeys deliveryKeys,
      TenantAliases aliases) {
    this.store = store;
    this.signer = signer;
    this.peppers = peppers;
    this.deliveryKeys = deliveryKeys;
    this.aliases = aliases;
  }

  /** What every region would get, with what is wrong with it. */
  public List<CompiledSnapshot> compile(PolicyState state) {
    Map<Integer, byte[]> opened = peppers.all();
    Folds folds = new Folds(state);
    return state.regions().stream()
        .map(region -> compilers.computeIfAbsent(region.name(), this::compilerOf))
        .map(compiler -> compiler.compile(folds, opened))
        .toList();
  }

  private RegionCompiler compilerOf(String region) {
    return new RegionCompiler(region, deliveryKeys.ofRegion(region), aliases);
  }

  /**
   * Signs and stores what passed the check.
   *
   * @param rollbackOf revision whose content is stated again; 0: none
   * @param kept the oldest revision that nodes are kept at, this one where they are not
   */
  public void store(
      List<CompiledSnapshot> compiled,
      long revision,
      boolean allowMassDelete,
      long rollbackOf,
      long kept) {
    for (CompiledSnapshot snapshot : compiled) {
      if (!snapshot.errors().isEmpty()) {
        throw new IllegalStateException("unchecked snapshot of region " + snapshot.region());
      }
      store.store(
          new StoredSnapshot(
              snapshot.region(),
              revision,
              snapshot.digest(),
              signer.sign(snapshot.region(), revision, snapshot.digest()),
              allowMassDelete,
              rollbackOf,
              snapshot.tree(),
              List.of()),
          kept);
    }
  }

  /**
   * Whether the newest stored snapshot of a region has this content and is signed with the present
   * key. Ed25519 is deterministic, so signing again and comparing is verifying.
   */
  public boolean isCurrent(CompiledSnapshot compiled) {
    return store
        .latest(compiled.region())
        .filter(stored -> SnapshotDigest.same(stored.digest(), compiled.digest()))
        .filter(stored ->
            MessageDigest.isEqual(
                stored.signature(),
                signer.sign(stored.region(), stored.revision(), stored.digest())))
        .isPresent();
  }
}
