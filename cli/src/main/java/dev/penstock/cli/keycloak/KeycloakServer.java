package dev.penstock.cli.keycloak;

import dev.penstock.cli.installation.OwnerOnly;
import dev.penstock.cli.installation.SecretFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One server with a folder of its own: a database in a file and the realm to begin with, which is
 * imported when it is not there yet. Listens on the loopback address only.
 */
public final class KeycloakServer {
  /** The realm of the quickstart. */
  public static final String REALM = "penstock";

  /** The client as which the console sends people to log in. */
  public static final String CONSOLE_CLIENT = "penstock-console";

  private final KeycloakDistribution distribution;
  private final Path home;
  private final int port;

  /**
   * @param folder where it keeps its data
   * @param realm the file to import
   */
  public KeycloakServer(KeycloakDistribution distribution, Path folder, int port, Path realm) {
    this.distribution = distribution;
    this.home = folder;
    this.port = port;
    try {
      OwnerOnly.folder(folder);
      for (String shared : List.of("lib", "conf", "providers")) {
        link(folder.resolve(shared), distribution.home().resolve(shared));
      }
      Path imports = Files.createDirectories(folder.resolve("data").resolve("import"));
      Files.copy(
          realm, imports.resolve(REALM + "-realm.json"), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare Keycloak's folder " + folder, e);
    }
  }

  private static void link(Path link, Path target) throws IOException {
    if (Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
      Files.delete(link); // of another version
    }
    Files.createSymbolicLink(link, target);
  }

  public static URI url(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** What its tokens name as their issuer. */
  public static URI issuer(int port) {
    return url(port).resolve("/realms/" + REALM);
  }

  public List<String> command() {
    List<String> command = new ArrayList<>(distribution.java(home));
    command.addAll(
        List.of(
            "start",
            "--optimized",
            "--import-realm",
            "--cache=local",
            "--hostname=" + url(port),
            "--http-enabled=true",
            "--http-host=127.0.0.1",
            "--http-port=" + port,
            "--db-url=jdbc:h2:file:" + home.resolve("data/h2/keycloak") + ";NON_KEYWORDS=VALUE"));
    return List.copyOf(command);
  }

  /** The realm's file takes its passwords from here, so that none is checked in. */
  public static Map<String, String> environment(SecretFiles secrets, URI console) {
    return Map.of(
        "KC_BOOTSTRAP_ADMIN_USERNAME", "admin",
        "KC_BOOTSTRAP_ADMIN_PASSWORD", secrets.read(secrets.token("sso-admin-password")),
        "PENSTOCK_SSO_PASSWORD", secrets.read(secrets.token("sso-password")),
        "PENSTOCK_CONSOLE_CLIENT_SECRET", consoleSecret(secrets),
        "PENSTOCK_SSO_AUTOMATION_SECRET", secrets.read(secrets.token("sso-automation-secret")),
        "PENSTOCK_PROVISIONING_CLIENT_SECRET", secrets.read(provisioningSecret(secrets)),
        "PENSTOCK_CONSOLE_URL", console.toString());
  }

  /** The file with what the control plane proves to the provider with. */
  public static Path provisioningSecret(SecretFiles secrets) {
    return secrets.token("sso-provisioning-secret");
  }

  /** What the console proves to the provider with. */
  public static String consoleSecret(SecretFiles secrets) {
    return secrets.read(secrets.token("sso-console-secret"));
  }
}
