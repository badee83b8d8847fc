package dev.penstock.controlplane.route;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.route.Route.Target;
import dev.penstock.controlplane.row.RowStore;
import dev.penstock.kernel.snapshot.PolicyContent.RetryOn;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTimeouts;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hibernate.Session;

/** The routes of the tenants. */
@Singleton
public class Routes implements Feature<Route> {

  private static final int MAX_GROUPS = 8;
  private static final int MAX_TARGETS = 16;
  private static final int MAX_WEIGHT = 1_000_000;
  private static final int DEFAULT_WEIGHT = 100;
  private static final Duration LEAST = Duration.ofMillis(100);

  /** A provider bills what it has begun, so nobody may make it begin for nothing. */
  private static final Duration LEAST_ANSWER = Duration.ofSeconds(1);

  private static final Duration MOST = Duration.ofHours(1);
  private static final Pattern WORD = Pattern.compile("[a-z0-9-]{1,32}");

  private final Store<Route> store;

  Routes(Session session) {
    store =
        new RowStore<>(
            session,
            Kind.ROUTE,
            RouteEntity.class,
            RouteEntity::new,
            route -> new RouteEntity.Key(route.tenant(), route.name()));
  }

  @Override
  public Store<Route> store() {
    return store;
  }

  @Override
  public Route read(ResourceRef ref, Spec spec) {
    spec.word("afterFirstToken", Set.of("fail", "resume"))
        .filter("resume"::equals)
        .ifPresent(
            resume -> spec.refuse("afterFirstToken", "this build cannot resume (expected: fail)"));
    Route route =
        new Route(
            ref.owner(),
            ref.name(),
            spec.requiredName("model"),
            readGroups(spec),
            spec.object("timeouts").map(Routes::readTimeouts).orElse(RouteTimeouts.NONE),
            spec.object("retry").map(Routes::readRetry).orElse(RouteRetry.ALL),
            spec.word("unsupportedFields", Set.copyOf(UnsupportedFields.words()))
                .flatMap(UnsupportedFields::of)
                .orElse(UnsupportedFields.REFUSE));
    spec.end();
    return route;
  }

  private static List<List<Target>> readGroups(Spec spec) {
    List<List<Spec>> lists = spec.objectLists("groups");
    if (!spec.has("groups")) {
      spec.refuse("groups", "is missing");
    }
    if (lists.size() > MAX_GROUPS || (spec.has("groups") && lists.isEmpty())) {
      spec.refuse("groups", "expected 1 to " + MAX_GROUPS + " groups");
    }
    List<List<Target>> groups = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (List<Spec> list : lists) {
      if (list.isEmpty() || list.size() > MAX_TARGETS) {
        spec.refuse(
            "groups[" + groups.size() + "]", "expected 1 to " + MAX_TARGETS + " deployments");
      }
      groups.add(list.stream().map(each -> readTarget(each, seen)).toList());
    }
    return groups;
  }

  private static Target readTarget(Spec spec, Set<String> seen) {
    Target target =
        new Target(
            spec.requiredName("deployment"),
            spec.integer("weight", 0, MAX_WEIGHT).orElse((long) DEFAULT_WEIGHT).intValue());
    if (!target.deployment().isEmpty() && !seen.add(target.deployment())) {
      spec.refuse("deployment", target.deployment() + " is named twice");
    }
    spec.end();
    return target;
  }

  private static RouteTimeouts readTimeouts(Spec spec) {
    RouteTimeouts timeouts =
        new RouteTimeouts(
            millis(spec, "connect", LEAST),
            millis(spec, "firstToken", LEAST_ANSWER),
            millis(spec, "idle", LEAST_ANSWER),
            millis(spec, "total", LEAST_ANSWER));
    spec.end();
    return timeouts;
  }

  private static long millis(Spec spec, String field, Duration least) {
    return spec.duration(field, least, MOST).map(Duration::toMillis).orElse(0L);
  }

  private static RouteRetry readRetry(Spec spec) {
    Set<RetryOn> on = new HashSet<>();
    for (String word : spec.texts("on", WORD).orElse(List.of())) {
      RetryOn.of(word)
          .ifPresentOrElse(
              on::add,
              () -> spec.refuse("on", "expected some of " + words(Set.of(RetryOn.values()))));
    }
    int attempts = spec.integer("attempts", 1, MAX_TARGETS).orElse(0L).intValue();
    spec.end();
    return new RouteRetry(attempts, on);
  }

  private static List<String> words(Set<RetryOn> on) {
    return on.stream().map(RetryOn::word).sorted().collect(Collectors.toList());
  }

  @Override
  public List<Field> listFields() {
    return List.of(Field.text("model"));
  }

  @Override
  public ObjectNode specOf(Route route) {
    SpecWriter spec = new SpecWriter().text("model", route.model()).node("groups", groups(route));
    if (!route.timeouts().equals(RouteTimeouts.NONE)) {
      spec.node(
          "timeouts",
          new SpecWriter()
              .duration("connect", stated(route.timeouts().connectMillis()))
              .duration("firstToken", stated(route.timeouts().firstTokenMillis()))
              .duration("idle", stated(route.timeouts().idleMillis()))
              .duration("total", stated(route.timeouts().totalMillis()))
              .done());
    }
    if (!route.retry().equals(RouteRetry.ALL)) {
      spec.node(
          "retry",
          new SpecWriter()
              .number(
                  "attempts",
                  Optional.of((long) route.retry().attempts()).filter(attempts -> attempts > 0))
              .texts("on", words(route.retry().on()))
              .done());
    }
    return spec.text(
            "unsupportedFields",
            Optional.of(route.unsupportedFields())
                .filter(stated -> stated != UnsupportedFields.REFUSE)
                .map(UnsupportedFields::word))
        .text("afterFirstToken", "fail")
        .done();
  }

  private static Optional<Duration> stated(long millis) {
    return Optional.of(millis).filter(some -> some > 0).map(Duration::ofMillis);
  }

  private static ArrayNode groups(Route route) {
    ArrayNode groups = JsonNodeFactory.instance.arrayNode();
    for (List<Target> targets : route.groups()) {
      ArrayNode group = groups.addArray();
      targets.forEach(target ->
          group.add(
              new SpecWriter()
                  .text("deployment", target.deployment())
                  .number("weight", Optional.of((long) target.weight()))
                  .done()));
    }
    return groups;
  }
}
