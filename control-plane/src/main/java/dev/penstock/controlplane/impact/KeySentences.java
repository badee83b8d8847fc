package dev.penstock.controlplane.impact;

import dev.penstock.controlplane.apikey.StoredKey;
import dev.penstock.controlplane.manifest.ResourceRef;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The API keys. */
final class KeySentences {

  private KeySentences() {}

  static void write(World old, World now, Report report) {
    Set<ResourceRef> refs = new HashSet<>(old.keys().keySet());
    refs.addAll(now.keys().keySet());
    refs.stream()
        .sorted(Comparator.comparing(ResourceRef::toString))
        .forEach(ref -> write(ref, old.keys().get(ref), now.keys().get(ref), report));
  }

  private static void write(
      ResourceRef ref, @Nullable StoredKey before, @Nullable StoredKey after, Report report) {
    String name = ref.owner() + "/" + ref.name();
    if (before == null || after == null) {
      report.touchKey(ref);
      report.say("API key %s is %s", name, after == null ? "revoked" : "created");
      return;
    }
    boolean same =
        before.models().equals(after.models())
            && before.expiresAt().equals(after.expiresAt())
            && before.tags().equals(after.tags())
            && before.id().equals(after.id());
    if (same) {
      return;
    }
    report.touchKey(ref);
    if (!before.id().equals(after.id())) {
      report.say("API key %s gets a successor", name);
    }
    if (!before.models().equals(after.models())) {
      report.say("API key %s may use %s (was: %s)", name, models(after), models(before));
    }
    if (!before.expiresAt().equals(after.expiresAt())) {
      report.say(
          "API key %s expires %s (was: %s)", name, at(after.expiresAt()), at(before.expiresAt()));
    }
    if (!before.tags().equals(after.tags())) {
      report.say("requests with API key %s carry other tags than before", name);
    }
  }

  private static String models(StoredKey key) {
    List<String> models = key.models();
    return models.isEmpty() ? "every model of its tenant" : "only " + String.join(", ", models);
  }

  private static String at(Optional<Instant> time) {
    return time.map(instant -> "at " + instant).orElse("never");
  }
}
