package dev.penstock.controlplane.identity;

import dev.penstock.controlplane.ControlPlaneConfig;
import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.TenantConfigResolver;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Whose tokens the admin API takes.
 *
 * <p>Resolved at the first token and not at the start: the provider may come later than we do, and
 * nothing but its own tokens depends on it. Its keys are kept from then on; a token with an unknown
 * key makes them be fetched again, at most every {@link #BETWEEN_FETCHES}.
 */
@Singleton
class IdentityProvider implements TenantConfigResolver {

  private static final String ID = "identity-provider";

  /** A provider that has just changed its key is believed after this long at the latest. */
  private static final Duration BETWEEN_FETCHES = Duration.ofSeconds(10);

  private static final Duration CONNECT = Duration.ofSeconds(3);

  private final Optional<OidcTenantConfig> provider;

  IdentityProvider(ControlPlaneConfig config) {
    ControlPlaneConfig.Oidc oidc = config.oidc();
    provider =
        oidc.issuer()
            .filter(issuer -> !issuer.isBlank())
            .map(issuer ->
                OidcTenantConfig.authServerUrl(issuer)
                    .tenantId(ID)
                    .connectionTimeout(CONNECT)
                    .token()
                    .issuer(issuer)
                    .audience(oidc.audience())
                    .tokenType("Bearer") // an ID token says who somebody is, not what it may do
                    .forcedJwkRefreshInterval(BETWEEN_FETCHES)
                    .allowJwtIntrospection(false)
                    .allowOpaqueTokenIntrospection(false)
                    .requireJwtIntrospectionOnly(false)
                    .end()
                    .build());
  }

  boolean isSet() {
    return provider.isPresent();
  }

  @Override
  public Uni<OidcTenantConfig> resolve(
      RoutingContext request, OidcRequestContext<OidcTenantConfig> blocking) {
    return provider
        .map(found -> Uni.createFrom().item(found))
        .orElseGet(() -> Uni.createFrom().nullItem());
  }
}
