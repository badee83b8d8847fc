package dev.penstock.controlplane.impact;

import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.ratelimit.RateLimit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rate limits: each binds its owner and every tenant below. */
final class RateLimitSentences {

  private RateLimitSentences() {}

  static void write(World old, World now, Report report) {
    Set<ResourceRef> refs = new HashSet<>(old.rateLimits().keySet());
    refs.addAll(now.rateLimits().keySet());
    refs.stream()
        .sorted(Comparator.comparing(ResourceRef::toString))
        .forEach(ref -> {
          RateLimit before = old.rateLimits().get(ref);
          RateLimit after = now.rateLimits().get(ref);
          if (!Objects.equals(before, after)) {
            report.touchAll((after == null ? old : now).subtree(ref.owner()));
            write(ref.owner() + "/" + ref.name(), before, after, report);
          }
        });
  }

  private static void write(
      String name, @Nullable RateLimit before, @Nullable RateLimit after, Report report) {
    if (after == null) {
      report.say("rate limit %s no longer binds", name);
    } else if (before == null) {
      report.say("rate limit %s now allows %s", name, told(after));
    } else {
      report.say("rate limit %s now allows %s (was: %s)", name, told(after), told(before));
    }
  }

  private static String told(RateLimit limit) {
    List<String> parts = new ArrayList<>();
    limit.requestsPerMinute().ifPresent(number -> parts.add(number + " requests a minute"));
    limit.tokensPerMinute().ifPresent(number -> parts.add(number + " tokens a minute"));
    limit.concurrentStreams().ifPresent(number -> parts.add(number + " at the same time"));
    return String.join(", ", parts)
        + limit.apiKey().map(key -> " with API key " + key).orElse("")
        + limit.model().map(model -> " for model " + model).orElse("");
  }
}
