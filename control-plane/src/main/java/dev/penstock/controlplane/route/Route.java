package dev.penstock.controlplane.route;

import dev.penstock.controlplane.manifest.Named;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import dev.penstock.kernel.snapshot.PolicyContent.RouteTimeouts;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import java.util.List;
import java.util.Objects;

/**
 * A model name with its own choice of deployments, for a tenant and its descendants.
 *
 * @param model what clients ask for; one route a name within a tenant
 * @param groups tried in this order; none is empty
 */
public record Route(
    String tenant,
    String name,
    String model,
    List<List<Target>> groups,
    RouteTimeouts timeouts,
    RouteRetry retry,
    UnsupportedFields unsupportedFields)
    implements Named {

  /**
   * One deployment.
   *
   * @param weight share of its group's traffic
   */
  public record Target(String deployment, int weight) {
    public Target {
      Objects.requireNonNull(deployment, "deployment");
    }
  }

  public Route {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(timeouts, "timeouts");
    Objects.requireNonNull(retry, "retry");
    Objects.requireNonNull(unsupportedFields, "unsupportedFields");
    groups = groups.stream().map(List::copyOf).toList();
  }
}
