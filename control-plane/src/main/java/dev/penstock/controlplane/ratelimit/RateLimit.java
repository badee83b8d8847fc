package dev.penstock.controlplane.ratelimit;

import dev.penstock.controlplane.manifest.Named;
import java.util.Objects;
import java.util.Optional;

/**
 * How much of something a scope may have, on all nodes together; what is absent is not limited.
 *
 * @param apiKey name of a key of the same tenant; empty: any request of the tenant's subtree
 * @param model empty: any
 * @param tokensPerMinute input and output alike
 * @param concurrentStreams exchanges that run at the same time
 */
public record RateLimit(
    String tenant,
    String name,
    Optional<String> apiKey,
    Optional<String> model,
    Optional<Long> requestsPerMinute,
    Optional<Long> tokensPerMinute,
    Optional<Long> concurrentStreams)
    implements Named {

  public RateLimit {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(apiKey, "apiKey");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(requestsPerMinute, "requestsPerMinute");
    Objects.requireNonNull(tokensPerMinute, "tokensPerMinute");
    Objects.requireNonNull(concurrentStreams, "concurrentStreams");
  }
}
