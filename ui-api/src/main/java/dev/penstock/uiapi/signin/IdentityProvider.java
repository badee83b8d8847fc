package dev.penstock.uiapi.signin;

import dev.penstock.uiapi.ConsoleConfig;
import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.TenantConfigResolver;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.quarkus.oidc.runtime.OidcTenantConfig.Authentication.CookieSameSite;
import io.quarkus.oidc.runtime.OidcTenantConfig.TokenStateManager.Strategy;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.client.WebClient;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Whom people sign in with: the code flow with PKCE, tokens in encrypted cookies.
 *
 * <p>Resolved at the first sign-in and not at the start: the provider may come later than we do.
 */
@Singleton
class IdentityProvider implements TenantConfigResolver {

  /** Every organization of the user, so that somebody in several can choose one. */
  private static final String ALL_ORGANIZATIONS = "organization:*";

  private static final String ID = "console";
  private static final int MIN_SECRET = 32;
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final long PATIENCE_MILLIS = 2_000;

  /** A token is replaced before it ends, so that none ends on its way to the admin API. */
  private static final Duration BEFORE_THE_END = Duration.ofSeconds(30);

  /** How long somebody may be idle; the provider's own limit may be shorter. */
  private static final Duration IDLE = Duration.ofMinutes(30);

  private final Optional<OidcTenantConfig> provider;
  private final Optional<String> discovery;
  private final WebClient client;

  IdentityProvider(ConsoleConfig config, Vertx vertx) {
    Optional<String> issuer = config.oidc().issuer().filter(url -> !url.isBlank());
    provider = issuer.map(url -> describe(url, config));
    discovery = issuer.map(url -> url + "/.well-known/openid-configuration");
    client = WebClient.create(vertx);
  }

  private static OidcTenantConfig describe(String issuer, ConsoleConfig config) {
    String secret = secret(config.oidc());
    return OidcTenantConfig.authServerUrl(issuer)
        .tenantId(ID)
        .applicationType(ApplicationType.WEB_APP)
        .clientId(config.oidc().clientId())
        .credentials(secret)
        .connectionTimeout(CONNECT)
        .authentication()
        .pkceRequired()
        .stateSecret(derived("state", secret))
        .scopes(ALL_ORGANIZATIONS)
        .forwardParams("acr_values", "max_age")
        .forceRedirectHttpsScheme(config.isSecure())
        .cookieForceSecure(config.isSecure())
        .cookieSameSite(CookieSameSite.LAX)
        .javaScriptAutoRedirect(false)
        .sessionAgeExtension(IDLE)
        .end()
        .token()
        .issuer(issuer)
        .refreshExpired()
        .refreshTokenTimeSkew(BEFORE_THE_END)
        .end()
        .tokenStateManager()
        .strategy(Strategy.KEEP_ALL_TOKENS)
        .splitTokens() // one cookie for all is more than browsers take
        .encryptionRequired()
        .encryptionSecret(derived("session", secret))
        .end()
        .logout()
        .path("/sign-out")
        .postLogoutPath("/")
        .end()
        .build();
  }

  /** One key for one use, the same in every replica. */
  private static String derived(String use, String secret) {
    try {
      byte[] text = ("penstock-console " + use + "\n" + secret).getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(digest).substring(0, MIN_SECRET);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String secret(ConsoleConfig.Oidc oidc) {
    String secret =
        oidc.clientSecret().or(() -> oidc.clientSecretFile().map(file -> read(file))).orElse("");
    if (secret.isEmpty()) {
      throw new IllegalStateException(
          "PENSTOCK_OIDC_ISSUER is set, and neither PENSTOCK_CONSOLE_CLIENT_SECRET nor"
              + " PENSTOCK_CONSOLE_CLIENT_SECRET_FILE");
    }
    if (secret.length() < MIN_SECRET) {
      throw new IllegalStateException(
          "the console's client secret has %d characters (expected: at least %d)"
              .formatted(secret.length(), MIN_SECRET));
    }
    return secret;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the console's client secret", e);
    }
  }

  /** Whether there is one at all. */
  boolean isSet() {
    return provider.isPresent();
  }

  /** Whether it answers now. Never fails. */
  Uni<Boolean> answers() {
    if (discovery.isEmpty()) {
      return Uni.createFrom().item(false);
    }
    return Uni.createFrom()
        .completionStage(() ->
            client
                .getAbs(discovery.get())
                .timeout(PATIENCE_MILLIS)
                .send()
                .map(answer -> answer.statusCode() == 200)
                .otherwise(false)
                .toCompletionStage());
  }

  @Override
  public Uni<OidcTenantConfig> resolve(
      RoutingContext request, OidcRequestContext<OidcTenantConfig> blocking) {
    return provider
        .map(found -> Uni.createFrom().item(found))
        .orElseGet(() -> Uni.createFrom().nullItem());
  }
}
