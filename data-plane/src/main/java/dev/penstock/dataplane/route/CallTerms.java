package dev.penstock.dataplane.route;

import dev.penstock.dataplane.config.Limits;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRetry;
import dev.penstock.kernel.snapshot.PolicyContent.RouteRule;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a call may take and when it is made again elsewhere. What a route does not say is the
 * node's own limit, and no route goes beyond that.
 *
 * @param connect time for a provider's connection
 * @param firstToken time from the call to the first byte of a stream
 * @param idle longest silence of a provider in mid-stream
 * @param total longest life of the exchange
 */
public record CallTerms(
    Duration connect, Duration firstToken, Duration idle, Duration total, RouteRetry retry) {

  /** The terms of a route, or those of a model without one. */
  public static CallTerms of(Limits limits, Optional<RouteRule> route) {
    if (route.isEmpty()) {
      return new CallTerms(
          limits.connect(), limits.firstToken(), limits.idle(), limits.total(), RouteRetry.ALL);
    }
    var timeouts = route.get().timeouts();
    return new CallTerms(
        shorter(limits.connect(), timeouts.connectMillis()),
        shorter(limits.firstToken(), timeouts.firstTokenMillis()),
        shorter(limits.idle(), timeouts.idleMillis()),
        shorter(limits.total(), timeouts.totalMillis()),
        route.get().retry());
  }

  private static Duration shorter(Duration limit, long statedMillis) {
    return statedMillis > 0 && statedMillis < limit.toMillis()
        ? Duration.ofMillis(statedMillis)
        : limit;
  }
}
