package dev.penstock.controlplane.provisioning;

import dev.penstock.controlplane.ControlPlaneConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the realm is that is told of tenants, and as whom. Speaks to nobody. */
@Singleton
class RealmAddress {

  private static final Pattern ISSUER = Pattern.compile("(https?://.+)/realms/([^/]+)/?");

  private final Optional<Path> secretFile;
  private final String clientId;
  private final String server;
  private final String realm;

  RealmAddress(ControlPlaneConfig config) {
    secretFile = config.provisioning().clientSecretFile();
    clientId = config.provisioning().clientId();
    Matcher issuer = ISSUER.matcher(config.oidc().issuer().orElse(""));
    if (secretFile.isPresent() && !issuer.matches()) {
      throw new IllegalStateException(
          "PENSTOCK_PROVISIONING_CLIENT_SECRET_FILE is set, so PENSTOCK_OIDC_ISSUER must be a realm"
              + " of Keycloak (expected: https://…/realms/NAME)");
    }
    server = secretFile.isPresent() ? issuer.group(1) : "";
    realm = secretFile.isPresent() ? issuer.group(2) : "";
  }

  /** Whether there is a realm to tell. */
  boolean isSet() {
    return secretFile.isPresent();
  }

  String server() {
    return server;
  }

  String realm() {
    return realm;
  }

  String clientId() {
    return clientId;
  }

  /** Read whenever it is needed, so that a new one needs no restart. */
  String secret() {
    Path file = secretFile.orElseThrow();
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read PENSTOCK_PROVISIONING_CLIENT_SECRET_FILE", e);
    }
  }
}
