package dev.penstock.dataplane.route;

import dev.penstock.dataplane.journal.ExchangeRecord.Target;
import dev.penstock.dataplane.snapshot.Credential;
import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.snapshot.PolicyContent.Deployment;
import dev.penstock.kernel.snapshot.PolicyContent.Provider;

/** A deployment that policy allows for one exchange, with all that a call to it needs. */
public record Candidate(
    Deployment deployment, Provider provider, Credential credential, Price price) {

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
