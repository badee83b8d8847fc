package dev.penstock.dataplane.wire;

import dev.penstock.kernel.snapshot.PolicyContent.RetryOn;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTarget;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTimeouts;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import dev.penstock.proto.policy.v1.Route;
import dev.penstock.proto.policy.v1.RouteGroup;
import java.util.List;
import java.util.stream.Collectors;

/** Reads one route. */
final class RouteReader {

  private RouteReader() {}

  /**
   * @throws IllegalArgumentException where the route asks for what this build does not know
   */
  static RouteRule route(String tenant, Route from) {
    var timeouts = from.getTimeouts();
    return new RouteRule(
        tenant,
        from.getName(),
        from.getModel(),
        from.getGroupsList().stream().map(RouteReader::group).toList(),
        new RouteTimeouts(
            timeouts.getConnectMs(),
            timeouts.getFirstTokenMs(),
            timeouts.getIdleMs(),
            timeouts.getTotalMs()),
        new RouteRetry(
            from.getRetry().getAttempts(),
            from.getRetry().getOnList().stream()
                .map(RouteReader::retryOn)
                .collect(Collectors.toSet())),
        unsupportedFields(from.getUnsupportedFields()));
  }

  private static UnsupportedFields unsupportedFields(String word) {
    return word.isEmpty()
        ? UnsupportedFields.REFUSE
        : UnsupportedFields.of(word)
            .orElseThrow(() ->
                new IllegalArgumentException("unsupported_fields is " + word + ", unknown here"));
  }

  private static List<RouteTarget> group(RouteGroup from) {
    return from.getTargetsList().stream()
        .map(target ->
            new RouteTarget(target.getModel(), target.getDeployment(), target.getWeight()))
        .toList();
  }

  private static RetryOn retryOn(String word) {
    return RetryOn.of(word)
        .orElseThrow(() -> new IllegalArgumentException("retries on " + word + ", unknown here"));
  }
}
