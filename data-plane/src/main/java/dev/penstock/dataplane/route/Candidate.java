package dev.penstock.dataplane.route;

import dev.penstock.dataplane.journal.ExchangeRecord.Attempt.Place;
import dev.penstock.dataplane.journal.ExchangeRecord.Target;
import dev.penstock.dataplane.snapshot.Credential;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.snapshot.Compatibility;
import dev.penstock.kernel.snapshot.PolicyContent.Deployment;
import dev.penstock.kernel.snapshot.PolicyContent.Model;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;

/**
 * A deployment that policy allows for one exchange, with all that a call to it needs.
 *
 * @param model the deployment's own, which need not be the one that was asked for
 * @param group candidates of a lower group are tried before those of a higher one
 * @param weight share of its group's traffic; 0 only as a fallback
 */
public record Candidate(
    Model model,
    Deployment deployment,
    Provider provider,
    Credential credential,
    Price price,
    int group,
    int weight) {

  /** Whether its provider tells usage with every piece of a stream, if it is asked to. */
  public boolean continuousUsage() {
    return provider.compatibility() == Compatibility.VLLM;
  }

  /** The candidate as an attempt names it. */
  public Place place() {
    return new Place(deployment.name(), provider.name(), model.name());
  }

  /** The candidate as the record names it. */
  public Target target() {
    return new Target(
        deployment.name(),
        provider.name(),
        provider.region(),
        credential.name(),
        credential.version());
  }
}
