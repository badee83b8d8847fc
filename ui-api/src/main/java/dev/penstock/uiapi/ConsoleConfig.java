package dev.penstock.uiapi;

import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** What the process reads from its environment; {@code application.properties} has the names. */
@ConfigMapping(prefix = "penstock")
public interface ConsoleConfig {

  /** Where the admin API is. */
  URI adminUrl();

  /** Under which address browsers know the console; absent: whatever they ask for, over HTTP. */
  Optional<URI> consoleUrl();

  Oidc oidc();

  /** Who vouches for people. */
  interface Oidc {

    /** Absent: nobody does, and nobody signs in. */
    Optional<String> issuer();

    /** As whom the console asks for tokens. */
    String clientId();

    /** Its secret, at least 32 characters; session cookies are encrypted with a key made of it. */
    Optional<String> clientSecret();

    /** The same, from a file. */
    Optional<Path> clientSecretFile();
  }

  /** Whether browsers come over TLS, which then ends before or here. */
  default boolean isSecure() {
    return consoleUrl().filter(url -> "https".equals(url.getScheme())).isPresent();
  }
}
