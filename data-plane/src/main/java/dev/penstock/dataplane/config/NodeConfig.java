package dev.penstock.dataplane.config;

import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One node, as its environment describes it.
 *
 * @param providerAllowPrivate private ranges in which providers may be nevertheless
 * @param tokenIssuer whose tokens are taken beside API keys; empty: nobody's
 */
public record NodeConfig(
    String nodeName,
    String region,
    Listen listen,
    ControlPlaneConfig controlPlane,
    Path dataDir,
    List<Cidr> providerAllowPrivate,
    Optional<TokenIssuer> tokenIssuer) {

  public NodeConfig {
    Objects.requireNonNull(nodeName, "nodeName");
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(listen, "listen");
    Objects.requireNonNull(controlPlane, "controlPlane");
    Objects.requireNonNull(dataDir, "dataDir");
    providerAllowPrivate = List.copyOf(providerAllowPrivate);
    Objects.requireNonNull(tokenIssuer, "tokenIssuer");
  }

  /** Where the node listens. */
  public record Listen(String bindHost, int trafficPort, int opsPort) {}

  /** A control plane replica. */
  public record HostPort(String host, int port) {}

  /**
   * How the control plane is reached and recognised.
   *
   * @param addresses tried in turn; at least one
   * @param ca authorities of which one has signed the control plane's certificate, PEM
   * @param certificate with what the node presents itself
   * @param snapshotKeys Ed25519 keys of which one has to have signed a snapshot; at least one
   */
  public record ControlPlaneConfig(
      List<HostPort> addresses,
      Path ca,
      CertificateSource certificate,
      List<PublicKey> snapshotKeys) {
    public ControlPlaneConfig {
      addresses = List.copyOf(addresses);
      snapshotKeys = List.copyOf(snapshotKeys);
    }
  }

  /**
   * Reads the variables.
   *
   * @throws BadConfig if one is missing or wrong; the message names it and the remedy
   */
  public static NodeConfig of(Map<String, String> env) throws BadConfig {
    return new EnvironmentReader(env).read();
  }

  /** SPIFFE id that the node's certificate has to carry. */
  public String spiffeId() {
    return "spiffe://penstock/region/" + region + "/node/" + nodeName;
  }
}
