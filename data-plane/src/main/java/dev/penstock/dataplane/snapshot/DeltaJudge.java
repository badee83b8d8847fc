package dev.penstock.dataplane.snapshot;

import dev.penstock.dataplane.snapshot.SnapshotJudge.MassDelete;
import dev.penstock.dataplane.snapshot.SnapshotJudge.Verdict;
import dev.penstock.kernel.seal.DeliveryKey;
import dev.penstock.kernel.snapshot.PolicyContent;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.kernel.snapshot.ResourceKeys;
import dev.penstock.kernel.snapshot.SnapshotCheck;
import dev.penstock.kernel.snapshot.SnapshotDelta;
import dev.penstock.kernel.snapshot.SnapshotDigest;
import dev.penstock.kernel.snapshot.SnapshotLimits;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether what a delta makes of the snapshot in force may be served. Pure.
 *
 * <p>Most deltas change some tenants' policies, routes and keys, and all is well with them: then
 * nothing else is read, checked or compiled. Any other delta, and any in which something is wrong,
 * is put together to a whole and judged by {@link SnapshotJudge}, so that there is one place that
 * knows whom a fault concerns.
 */
final class DeltaJudge {

  private final String region;
  private final ResourceReader reader;
  private final SnapshotJudge wholes;

  DeltaJudge(String region, ResourceReader reader, SnapshotJudge wholes) {
    this.region = Objects.requireNonNull(region, "region");
    this.reader = Objects.requireNonNull(reader, "reader");
    this.wholes = Objects.requireNonNull(wholes, "wholes");
  }

  Verdict judge(
      SignedDelta offer,
      @Nullable AppliedSnapshot before,
      DeliveryKey deliveryKey,
      MassDelete massDelete) {
    if (before == null
        || !SnapshotDigest.same(before.source().digest(), offer.delta().baseDigest())) {
      return failed(Code.BASE_MISMATCH, "changes a snapshot that is not the one in force");
    }
    SignedSnapshot whole;
    try {
      whole = offer.on(before.source());
    } catch (IllegalArgumentException doesNotFit) {
      return failed(Code.DIGEST_MISMATCH, String.valueOf(doesNotFit.getMessage()));
    }
    if (whole.tree().size() > SnapshotLimits.MAX_RESOURCES
        || whole.tree().bytes() > SnapshotLimits.MAX_SNAPSHOT_BYTES) {
      return failed(Code.TOO_LARGE, "what comes of the delta is larger than a snapshot may be");
    }
    Optional<ResourceError> forged = wholes.authenticity(whole, before);
    if (forged.isPresent()) {
      return new Verdict.Failed(List.of(forged.get()));
    }
    return ofTheChange(whole, offer.delta(), before, massDelete)
        .orElseGet(() -> wholes.judge(whole, before, deliveryKey, massDelete));
  }

  private static Verdict failed(Code code, String message) {
    return new Verdict.Failed(List.of(new ResourceError("", code, message)));
  }

  /** The verdict where it can be found by looking at the change alone. */
  private Optional<Verdict> ofTheChange(
      SignedSnapshot whole, SnapshotDelta delta, AppliedSnapshot before, MassDelete massDelete) {
    if (!before.errors().isEmpty() || !changesTenantsOnly(delta)) {
      return Optional.empty();
    }
    ResourceReader.Read read = reader.read(delta.resources());
    if (!read.errors().isEmpty()) {
      return Optional.empty();
    }
    PolicyContent now = read.content();
    PolicyContent then = reader.read(before.source().tree().replacedBy(delta)).content();
    PolicyContent old = before.serving().content();
    if (isElsewhere(now.keysById(), then.keysById(), old.keysById())
        || isElsewhere(now.serviceAccounts(), then.serviceAccounts(), old.serviceAccounts())
        || losesModelNames(then, now)
        || losesGuards(then, now)) {
      return Optional.empty(); // a caller defined elsewhere, too; a name that others may refer to
    }
    Set<String> lost = new HashSet<>(then.keysById().keySet());
    lost.removeAll(now.keysById().keySet());
    PolicyContent content = old.replaced(then, now);
    if (!SnapshotCheck.checkChange(region, content, now).isEmpty()) {
      return Optional.empty();
    }
    List<ResourceError> tooMany =
        massDelete == MassDelete.REFUSED
            ? SnapshotCheck.checkKeysLost(old, lost.size())
            : List.of();
    return Optional.of(
        tooMany.isEmpty() ? passed(whole, content, before) : new Verdict.Failed(tooMany));
  }

  /** Whether the change defines something that another resource defines already. */
  private static boolean isElsewhere(
      Map<String, ?> now, Map<String, ?> then, Map<String, ?> whole) {
    return now.keySet().stream().anyMatch(id -> whole.containsKey(id) && !then.containsKey(id));
  }

  /**
   * Whether it touches what tenants own and nothing that they share. A tenant that goes leaves keys
   * behind, so that is not such a change either.
   */
  private static boolean changesTenantsOnly(SnapshotDelta delta) {
    return delta.removed().stream()
            .allMatch(key -> ResourceKeys.isApiKeys(key) || ResourceKeys.isTenantRoutes(key))
        && delta.resources().stream()
            .map(Resource::key)
            .allMatch(key ->
                ResourceKeys.isApiKeys(key)
                    || ResourceKeys.isTenantPolicy(key)
                    || ResourceKeys.isTenantRoutes(key)
                    || ResourceKeys.isTenantGuards(key));
  }

  /** Whether routes no longer give a name that they gave: policies may name it. */
  private static boolean losesModelNames(PolicyContent then, PolicyContent now) {
    Set<String> names = new HashSet<>();
    then.routes().values().forEach(routes -> names.addAll(routes.keySet()));
    now.routes().values().forEach(routes -> names.removeAll(routes.keySet()));
    return !names.isEmpty();
  }

  /** Whether a guard is gone that policies of others may name. */
  private static boolean losesGuards(PolicyContent then, PolicyContent now) {
    return then.guards().entrySet().stream()
        .anyMatch(old ->
            !now.guards()
                .getOrDefault(old.getKey(), Map.of())
                .keySet()
                .containsAll(old.getValue().keySet()));
  }

  private static Verdict passed(
      SignedSnapshot whole, PolicyContent content, AppliedSnapshot before) {
    ServingSnapshot serving =
        new ServingSnapshot(
            whole.revision(),
            whole.digest(),
            content,
            before.serving().keys().changed(before.serving().content(), content),
            before.serving().credentials(),
            before.serving().peppers(),
            Set.of());
    return new Verdict.Passed(new AppliedSnapshot(serving, whole, Map.of(), List.of()));
  }
}
