package dev.penstock.dataplane.config;

import dev.penstock.dataplane.config.NodeConfig.ControlPlaneConfig;
import dev.penstock.dataplane.config.NodeConfig.HostPort;
import dev.penstock.dataplane.config.NodeConfig.Listen;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and checks the variables of {@link NodeConfig}, one at a time. */
final class EnvironmentReader {

  private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final int MAX_PORT = 65_535;
  private static final String JWT_ISSUER = "PENSTOCK_JWT_ISSUER";
  private static final String JWT_JWKS_URL = "PENSTOCK_JWT_JWKS_URL";
  private static final String JWT_AUDIENCE = "PENSTOCK_JWT_AUDIENCE";
  private static final String JWT_CA = "PENSTOCK_JWT_CA";
  private static final int MOST_SNAPSHOT_KEYS = 8;
  private static final String PEM_BEGIN = "-----BEGIN PUBLIC KEY-----";
  private static final String PEM_END = "-----END PUBLIC KEY-----";

  private final Map<String, String> env;

  EnvironmentReader(Map<String, String> env) {
    this.env = env;
  }

  NodeConfig read() throws BadConfig {
    return new NodeConfig(
        name("PENSTOCK_NODE_NAME", "this node's name, e.g. eu-west-1"),
        name("PENSTOCK_REGION", "the region this node stands in, e.g. eu-west"),
        listen(),
        controlPlane(),
        path("PENSTOCK_DATA_DIR", "a folder on a local disk for the spool and the last snapshot"),
        ranges("PENSTOCK_PROVIDER_ALLOW_PRIVATE"),
        tokenIssuer());
  }

  /** One variable turns tokens on; the others mean nothing without it. */
  private Optional<TokenIssuer> tokenIssuer() throws BadConfig {
    if (!isSet(JWT_ISSUER)) {
      for (String variable : List.of(JWT_JWKS_URL, JWT_AUDIENCE, JWT_CA)) {
        if (isSet(variable)) {
          throw bad(variable, "is set without " + JWT_ISSUER + "; set both or neither");
        }
      }
      return Optional.empty();
    }
    String audience = env.getOrDefault(JWT_AUDIENCE, "").strip();
    return Optional.of(
        new TokenIssuer(
            trustworthy(JWT_ISSUER).toString(),
            isSet(JWT_JWKS_URL) ? Optional.of(trustworthy(JWT_JWKS_URL)) : Optional.empty(),
            audience.isEmpty() ? TokenIssuer.AUDIENCE : audience,
            isSet(JWT_CA)
                ? Optional.of(file(JWT_CA, "the PEM file of the identity provider's authorities"))
                : Optional.empty()));
  }

  private URI trustworthy(String variable) throws BadConfig {
    String value = text(variable, "an https address of the identity provider");
    try {
      URI url = new URI(value);
      if (TokenIssuer.isTrustworthy(url)) {
        return url;
      }
    } catch (URISyntaxException noAddress) {
      // said below
    }
    throw bad(
        variable,
        "is \""
            + value
            + "\"; use an https address such as https://sso.example.com/realms/penstock (http only"
            + " for this machine's own)");
  }

  private Listen listen() throws BadConfig {
    String host = env.getOrDefault("PENSTOCK_BIND_HOST", "0.0.0.0").strip();
    int traffic = port("PENSTOCK_TRAFFIC_PORT");
    int ops = port("PENSTOCK_OPS_PORT");
    if (traffic == ops) {
      throw bad("PENSTOCK_OPS_PORT", "is the same as PENSTOCK_TRAFFIC_PORT; give each its own");
    }
    return new Listen(host, traffic, ops);
  }

  private ControlPlaneConfig controlPlane() throws BadConfig {
    return new ControlPlaneConfig(
        addresses("PENSTOCK_CONTROL_PLANE"),
        file(
            "PENSTOCK_TLS_CA",
            "the PEM file of the authorities that sign the control plane's certificate"),
        certificate(),
        snapshotKeys("PENSTOCK_SNAPSHOT_PUBLIC_KEY"));
  }

  /** Given are both files or neither; where neither is, the node enrols. */
  private CertificateSource certificate() throws BadConfig {
    if (isSet("PENSTOCK_TLS_CERT") || isSet("PENSTOCK_TLS_KEY")) {
      return new CertificateSource.Given(
          file("PENSTOCK_TLS_CERT", "the PEM file of this node's certificate"),
          file("PENSTOCK_TLS_KEY", "the PKCS#8 PEM file of this node's key"));
    }
    return new CertificateSource.Enrolled(
        Optional.of(env.getOrDefault("PENSTOCK_JOIN_TOKEN", "").strip())
            .filter(token -> !token.isEmpty()),
        optionalPath("PENSTOCK_JOIN_TOKEN_FILE", "the file that holds a join token"),
        optionalPath(
            "PENSTOCK_SERVICE_ACCOUNT_TOKEN_FILE",
            "the file of a projected token for penstock-enrolment"));
  }

  private Optional<Path> optionalPath(String variable, String meaning) throws BadConfig {
    return isSet(variable) ? Optional.of(path(variable, meaning)) : Optional.empty();
  }

  private boolean isSet(String variable) {
    return !env.getOrDefault(variable, "").isBlank();
  }

  private String name(String variable, String meaning) throws BadConfig {
    String value = text(variable, meaning);
    if (!value.matches(NAME)) {
      throw bad(variable, "is \"" + value + "\"; use lower-case letters, digits and dashes");
    }
    return value;
  }

  private int port(String variable) throws BadConfig {
    String value = text(variable, "a TCP port");
    if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > MAX_PORT) {
      throw bad(variable, "is \"" + value + "\"; use a port from 0 to " + MAX_PORT);
    }
    return Integer.parseInt(value);
  }

  private List<HostPort> addresses(String variable) throws BadConfig {
    String value = text(variable, "host:port of the control plane");
    List<HostPort> found = new ArrayList<>();
    for (String part : value.split(",", -1)) {
      String address = part.strip();
      int colon = address.lastIndexOf(':');
      String port = address.substring(colon + 1);
      if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT) {
        throw bad(variable, "holds \"" + address + "\"; use host:port, several joined by commas");
      }
      found.add(new HostPort(address.substring(0, colon), Integer.parseInt(port)));
    }
    return found;
  }

  private Path path(String variable, String meaning) throws BadConfig {
    String value = text(variable, meaning);
    try {
      return Path.of(value).toAbsolutePath();
    } catch (InvalidPathException invalid) {
      throw bad(variable, "is \"" + value + "\", which is no path; set it to " + meaning);
    }
  }

  private Path file(String variable, String meaning) throws BadConfig {
    Path path = path(variable, meaning);
    if (!Files.isReadable(path)) {
      throw bad(variable, "names " + path + ", which cannot be read; set it to " + meaning);
    }
    return path;
  }

  /** Each from its own header to its own end: one that is cut off is not taken for none. */
  private List<PublicKey> snapshotKeys(String variable) throws BadConfig {
    String meaning =
        "the file of the Ed25519 keys that sign snapshots: 1 to %d, SPKI in PEM form"
            .formatted(MOST_SNAPSHOT_KEYS);
    Path path = file(variable, meaning);
    try {
      String[] blocks = Files.readString(path).strip().split(PEM_END, -1);
      List<PublicKey> keys = new ArrayList<>();
      for (int i = 0; i < blocks.length - 1; i++) {
        String base64 = blocks[i].replaceFirst(PEM_BEGIN, "").replaceAll("\\s", "");
        keys.add(
            KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64))));
      }
      if (blocks[blocks.length - 1].isEmpty()
          && !keys.isEmpty()
          && keys.size() <= MOST_SNAPSHOT_KEYS) {
        return keys;
      }
    } catch (IOException | GeneralSecurityException | IllegalArgumentException malformed) {
      // told below
    }
    throw bad(variable, "names " + path + ", which holds no such keys; set it to " + meaning);
  }

  private List<Cidr> ranges(String variable) throws BadConfig {
    List<Cidr> found = new ArrayList<>();
    for (String part : env.getOrDefault(variable, "").split(",", -1)) {
      if (part.isBlank()) {
        continue;
      }
      try {
        found.add(Cidr.of(part.strip()));
      } catch (IllegalArgumentException malformed) {
        throw bad(variable, "holds \"" + part.strip() + "\"; use ranges such as 127.0.0.0/8");
      }
    }
    return found;
  }

  private String text(String variable, String meaning) throws BadConfig {
    String value = env.getOrDefault(variable, "").strip();
    if (value.isEmpty()) {
      throw bad(variable, "is not set; set it to " + meaning);
    }
    return value;
  }

  private static BadConfig bad(String variable, String rest) {
    return new BadConfig(variable + " " + rest + ".");
  }
}
