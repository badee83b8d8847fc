package dev.penstock.controlplane.tenant;

import java.util.List;

/**
 * How people of a tenant sign in. What is stated is all there is: a domain that does not stand here
 * is taken from the tenant.
 *
 * @param domains of e-mail addresses
 * @param identityProviders aliases of what is in the realm already
 */
public record SingleSignOn(List<String> domains, List<String> identityProviders) {

  public SingleSignOn {
    domains = domains.stream().sorted().toList();
    identityProviders = identityProviders.stream().sorted().toList();
  }
}
