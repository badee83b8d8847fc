package dev.penstock.controlplane.wire;

import dev.penstock.kernel.snapshot.PolicyContent.RetryOn;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTarget;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import dev.penstock.proto.policy.v1.Route;
import dev.penstock.proto.policy.v1.RouteGroup;
import dev.penstock.proto.policy.v1.RouteRetry;
import dev.penstock.proto.policy.v1.RouteTimeouts;
import dev.penstock.proto.policy.v1.Routes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Writes a tenant's routes. */
final class RouteEncoder {

  private RouteEncoder() {}

  static Routes routes(String tenant, Map<String, RouteRule> byModel) {
    return Routes.newBuilder()
        .setTenant(tenant)
        .addAllRoutes(
            byModel.values().stream()
                .sorted(Comparator.comparing(RouteRule::model))
                .map(RouteEncoder::route)
                .toList())
        .build();
  }

  private static Route route(RouteRule rule) {
    return Route.newBuilder()
        .setName(rule.name())
        .setModel(rule.model())
        .addAllGroups(rule.groups().stream().map(RouteEncoder::group).toList())
        .setTimeouts(
            RouteTimeouts.newBuilder()
                .setConnectMs(rule.timeouts().connectMillis())
                .setFirstTokenMs(rule.timeouts().firstTokenMillis())
                .setIdleMs(rule.timeouts().idleMillis())
                .setTotalMs(rule.timeouts().totalMillis()))
        .setRetry(
            RouteRetry.newBuilder()
                .setAttempts(rule.retry().attempts())
                .addAllOn(rule.retry().on().stream().map(RetryOn::word).sorted().toList()))
        .setUnsupportedFields(
            rule.unsupportedFields() == UnsupportedFields.REFUSE
                ? ""
                : rule.unsupportedFields().word())
        .build();
  }

  private static RouteGroup group(List<RouteTarget> targets) {
    RouteGroup.Builder group = RouteGroup.newBuilder();
    targets.forEach(target ->
        group.addTargets(
            dev.penstock.proto.policy.v1.RouteTarget.newBuilder()
                .setModel(target.model())
                .setDeployment(target.deployment())
                .setWeight(target.weight())));
    return group.build();
  }
}
