package dev.penstock.controlplane.impact;

import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.route.Route;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The routes: each serves its owner and every tenant below. */
final class RouteSentences {

  private RouteSentences() {}

  static void write(World old, World now, Report report) {
    Set<ResourceRef> refs = new HashSet<>(old.routes().keySet());
    refs.addAll(now.routes().keySet());
    refs.stream()
        .sorted(Comparator.comparing(ResourceRef::toString))
        .forEach(ref -> {
          Route before = old.routes().get(ref);
          Route after = now.routes().get(ref);
          if (!Objects.equals(before, after)) {
            report.touchAll((after == null ? old : now).subtree(ref.owner()));
            write(ref.owner() + "/" + ref.name(), before, after, report);
          }
        });
  }

  private static void write(
      String name, @Nullable Route before, @Nullable Route after, Report report) {
    if (before == null || after == null) {
      Route one = before == null ? after : before;
      if (one != null) {
        report.say(
            "route %s for model %s is %s",
            name, one.model(), before == null ? "created" : "deleted");
      }
      return;
    }
    if (!before.model().equals(after.model())) {
      report.say("route %s is now for model %s (was: %s)", name, after.model(), before.model());
    }
    if (!before.groups().equals(after.groups())) {
      report.say("route %s chooses other deployments than before", name);
    }
    if (!before.timeouts().equals(after.timeouts()) || !before.retry().equals(after.retry())) {
      report.say("route %s has other timeouts or retries than before", name);
    }
    if (before.unsupportedFields() != after.unsupportedFields()) {
      report.say(
          "route %s: fields that cannot be carried: %s (was: %s)",
          name, after.unsupportedFields().word(), before.unsupportedFields().word());
    }
  }
}
