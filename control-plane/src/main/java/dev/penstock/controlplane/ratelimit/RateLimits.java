package dev.penstock.controlplane.ratelimit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.row.RowStore;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.Session;

/** The rate limits of the tenants, as they are stated. */
@Singleton
public class RateLimits implements Feature<RateLimit> {

  private static final String REQUESTS = "requestsPerMinute";
  private static final String TOKENS = "tokensPerMinute";
  private static final String STREAMS = "concurrentStreams";

  private final Store<RateLimit> store;

  RateLimits(Session session) {
    store =
        new RowStore<>(
            session,
            Kind.RATE_LIMIT,
            RateLimitEntity.class,
            RateLimitEntity::new,
            limit -> new RateLimitEntity.Key(limit.tenant(), limit.name()));
  }

  @Override
  public Store<RateLimit> store() {
    return store;
  }

  @Override
  public RateLimit read(ResourceRef ref, Spec spec) {
    Optional<Spec> scope = spec.object("scope");
    for (String later : List.of("subject", "provider", "tag")) {
      scope.ifPresent(object ->
          object.refuseIfPresent(
              later,
              "this build cannot narrow a rate limit to this yet (expected: apiKey, model)"));
    }
    RateLimit limit =
        new RateLimit(
            ref.owner(),
            ref.name(),
            scope.flatMap(object -> object.name("apiKey")),
            scope.flatMap(object -> object.name("model")),
            spec.integer(REQUESTS, 1, RateLimitRule.MOST),
            spec.integer(TOKENS, 1, RateLimitRule.MOST),
            spec.integer(STREAMS, 1, RateLimitRule.MOST));
    if (!spec.has(REQUESTS) && !spec.has(TOKENS) && !spec.has(STREAMS)) {
      spec.refuse(
          REQUESTS,
          "is missing: expected at least one of %s, %s, %s".formatted(REQUESTS, TOKENS, STREAMS));
    }
    scope.ifPresent(Spec::end);
    spec.end();
    return limit;
  }

  @Override
  public boolean isSame(RateLimit stored, RateLimit wanted) {
    return stored.equals(wanted);
  }

  @Override
  public List<Field> listFields() {
    return List.of(Field.text("scope.apiKey"), Field.text("scope.model"));
  }

  @Override
  public ObjectNode specOf(RateLimit limit) {
    SpecWriter spec = new SpecWriter().node("scope", scope(limit));
    numbers(limit).forEach(spec::node);
    return spec.done();
  }

  /** What is limited, by the names of a manifest. */
  public static Map<String, JsonNode> numbers(RateLimit limit) {
    Map<String, JsonNode> numbers = new LinkedHashMap<>();
    limit.requestsPerMinute().ifPresent(number -> numbers.put(REQUESTS, LongNode.valueOf(number)));
    limit.tokensPerMinute().ifPresent(number -> numbers.put(TOKENS, LongNode.valueOf(number)));
    limit.concurrentStreams().ifPresent(number -> numbers.put(STREAMS, LongNode.valueOf(number)));
    return numbers;
  }

  /** As a manifest writes it. */
  public static ObjectNode scope(RateLimit limit) {
    return new SpecWriter().text("apiKey", limit.apiKey()).text("model", limit.model()).done();
  }
}
