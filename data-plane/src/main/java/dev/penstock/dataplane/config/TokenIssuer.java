package dev.penstock.dataplane.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whose tokens of service accounts the node takes.
 *
 * @param issuer as its tokens name it
 * @param jwksUrl where its keys are; empty: where its discovery document says
 * @param audience what its tokens for this gateway name
 * @param ca authorities of which one has signed its certificate, PEM; empty: the platform's
 */
public record TokenIssuer(
    String issuer, Optional<URI> jwksUrl, String audience, Optional<Path> ca) {

  /** What provisioning puts into the tokens of service accounts. */
  public static final String AUDIENCE = "penstock-dataplane";

  private static final Set<String> OWN_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

  public TokenIssuer {
    Objects.requireNonNull(issuer, "issuer");
    Objects.requireNonNull(jwksUrl, "jwksUrl");
    Objects.requireNonNull(audience, "audience");
    Objects.requireNonNull(ca, "ca");
  }

  /**
   * Whether what comes from an address can be taken for its owner's: by TLS, or because it is this
   * machine's own. Who could change the keys on their way could make every token.
   */
  public static boolean isTrustworthy(URI url) {
    String host = url.getHost();
    return host != null
        && url.getRawUserInfo() == null
        && url.getRawFragment() == null
        && ("https".equals(url.getScheme())
            || "http".equals(url.getScheme()) && OWN_HOSTS.contains(host));
  }
}
