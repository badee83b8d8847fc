package dev.penstock.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.dataplane.config.NodeConfig.HostPort;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NodeConfigTest {

  @TempDir Path dir;

  private final Map<String, String> env = new HashMap<>();

  @BeforeEach
  void describe() throws Exception {
    Path pem = dir.resolve("snapshot.pem");
    Files.writeString(pem, publicKey());
    Path file = Files.writeString(dir.resolve("some.pem"), "x");
    env.put("PENSTOCK_NODE_NAME", "eu-west-1");
    env.put("PENSTOCK_REGION", "eu-west");
    env.put("PENSTOCK_TRAFFIC_PORT", "8080");
    env.put("PENSTOCK_OPS_PORT", "8081");
    env.put("PENSTOCK_CONTROL_PLANE", "127.0.0.1:9443, other:9444");
    env.put("PENSTOCK_TLS_CA", file.toString());
    env.put("PENSTOCK_TLS_CERT", file.toString());
    env.put("PENSTOCK_TLS_KEY", file.toString());
    env.put("PENSTOCK_SNAPSHOT_PUBLIC_KEY", pem.toString());
    env.put("PENSTOCK_DATA_DIR", dir.toString());
  }

  @Test
  void readsEveryVariable() throws Exception {
    // Given
    env.put("PENSTOCK_BIND_HOST", "127.0.0.1");
    env.put("PENSTOCK_PROVIDER_ALLOW_PRIVATE", "127.0.0.0/8,10.1.0.0/16");

    // When
    NodeConfig config = NodeConfig.of(env);

    // Then
    assertThat(config.listen()).isEqualTo(new NodeConfig.Listen("127.0.0.1", 8080, 8081));
    assertThat(config.controlPlane().addresses())
        .containsExactly(new HostPort("127.0.0.1", 9443), new HostPort("other", 9444));
    assertThat(config.spiffeId()).isEqualTo("spiffe://penstock/region/eu-west/node/eu-west-1");
    assertThat(config.dataDir()).isEqualTo(dir);
    assertThat(config.providerAllowPrivate()).hasSize(2);
    assertThat(config.controlPlane().snapshotKeys())
        .singleElement()
        .satisfies(key -> assertThat(key.getAlgorithm()).isEqualTo("EdDSA"));
  }

  @Test
  void bindsEverywhereAndAllowsNoPrivateRangeUnlessTold() throws Exception {
    NodeConfig config = NodeConfig.of(env);
    assertThat(config.listen().bindHost()).isEqualTo("0.0.0.0");
    assertThat(config.providerAllowPrivate()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PENSTOCK_NODE_NAME",
        "PENSTOCK_REGION",
        "PENSTOCK_TRAFFIC_PORT",
        "PENSTOCK_OPS_PORT",
        "PENSTOCK_CONTROL_PLANE",
        "PENSTOCK_TLS_CA",
        "PENSTOCK_TLS_CERT",
        "PENSTOCK_TLS_KEY",
        "PENSTOCK_SNAPSHOT_PUBLIC_KEY",
        "PENSTOCK_DATA_DIR"
      })
  void namesWhatIsMissing(String variable) {
    env.remove(variable);
    assertThatThrownBy(() -> NodeConfig.of(env))
        .isInstanceOf(BadConfig.class)
        .hasMessageStartingWith(variable + " is not set; set it to ");
  }

  @ParameterizedTest
  @CsvSource({
    "PENSTOCK_NODE_NAME, EU_1",
    "PENSTOCK_TRAFFIC_PORT, 70000",
    "PENSTOCK_OPS_PORT, 8080",
    "PENSTOCK_CONTROL_PLANE, localhost",
    "PENSTOCK_TLS_CERT, /nowhere/cert.pem",
    "PENSTOCK_PROVIDER_ALLOW_PRIVATE, localhost/8",
    "PENSTOCK_PROVIDER_ALLOW_PRIVATE, 10.0.0.0/99"
  })
  void namesWhatIsWrong(String variable, String value) {
    env.put(variable, value);
    assertThatThrownBy(() -> NodeConfig.of(env))
        .isInstanceOf(BadConfig.class)
        .hasMessageStartingWith(variable + " ")
        .hasMessageEndingWith(".");
  }

  @Test
  void enrolsWhereItIsGivenNoCertificate() throws Exception {
    env.remove("PENSTOCK_TLS_CERT");
    env.remove("PENSTOCK_TLS_KEY");
    env.put("PENSTOCK_JOIN_TOKEN", " a-token ");
    env.put("PENSTOCK_JOIN_TOKEN_FILE", "/not/there/yet");
    env.put("PENSTOCK_SERVICE_ACCOUNT_TOKEN_FILE", "/nor/this");

    CertificateSource source = NodeConfig.of(env).controlPlane().certificate();

    assertThat(source)
        .isEqualTo(
            new CertificateSource.Enrolled(
                Optional.of("a-token"),
                Optional.of(Path.of("/not/there/yet")),
                Optional.of(Path.of("/nor/this"))));
    assertThat(source.toString()).doesNotContain("a-token");
  }

  @Test
  void takesNobodysTokensUnlessTold() throws Exception {
    assertThat(NodeConfig.of(env).tokenIssuer()).isEmpty();
  }

  @Test
  void takesTheTokensOfAnIssuer() throws Exception {
    env.put("PENSTOCK_JWT_ISSUER", "https://sso.example/realms/penstock");
    assertThat(NodeConfig.of(env).tokenIssuer())
        .contains(
            new TokenIssuer(
                "https://sso.example/realms/penstock",
                Optional.empty(),
                "penstock-dataplane",
                Optional.empty()));

    Path ca = dir.resolve("some.pem");
    env.put("PENSTOCK_JWT_JWKS_URL", "http://127.0.0.1:8180/keys");
    env.put("PENSTOCK_JWT_AUDIENCE", "gateway");
    env.put("PENSTOCK_JWT_CA", ca.toString());
    assertThat(NodeConfig.of(env).tokenIssuer())
        .contains(
            new TokenIssuer(
                "https://sso.example/realms/penstock",
                Optional.of(URI.create("http://127.0.0.1:8180/keys")),
                "gateway",
                Optional.of(ca)));
  }

  @ParameterizedTest
  @CsvSource({
    "PENSTOCK_JWT_ISSUER, http://sso.example/realms/penstock",
    "PENSTOCK_JWT_ISSUER, sso.example",
    "PENSTOCK_JWT_ISSUER, https://somebody@sso.example/realms/penstock",
    "PENSTOCK_JWT_ISSUER, https://sso.example/realms/a b",
    "PENSTOCK_JWT_JWKS_URL, http://sso.example/keys",
    "PENSTOCK_JWT_CA, /nowhere/ca.pem"
  })
  void takesNoKeysFromWhereAnybodyCouldChangeThem(String variable, String value) {
    env.put("PENSTOCK_JWT_ISSUER", "https://sso.example/realms/penstock");
    env.put(variable, value);
    assertThatThrownBy(() -> NodeConfig.of(env))
        .isInstanceOf(BadConfig.class)
        .hasMessageStartingWith(variable + " ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PENSTOCK_JWT_JWKS_URL", "PENSTOCK_JWT_AUDIENCE", "PENSTOCK_JWT_CA"})
  void needsAnIssuerForWhatIsSaidOfTokens(String variable) {
    env.put(variable, "https://sso.example/keys");
    assertThatThrownBy(() -> NodeConfig.of(env))
        .isInstanceOf(BadConfig.class)
        .hasMessage(variable + " is set without PENSTOCK_JWT_ISSUER; set both or neither.");
  }

  @Test
  void takesSeveralSnapshotKeys() throws Exception {
    Files.writeString(dir.resolve("snapshot.pem"), publicKey().repeat(2) + "\n" + publicKey());

    assertThat(NodeConfig.of(env).controlPlane().snapshotKeys()).hasSize(3).doesNotContainNull();
  }

  @Test
  void refusesSnapshotKeysThatAreNone() throws Exception {
    String key = publicKey();
    for (String text : List.of("", "x", key + "x", key + key.substring(0, 60), key.repeat(9))) {
      Files.writeString(dir.resolve("snapshot.pem"), text);
      assertThatThrownBy(() -> NodeConfig.of(env)).hasMessageContaining("holds no such keys");
    }
  }

  private static String publicKey() throws GeneralSecurityException {
    byte[] key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(key)
        + "\n-----END PUBLIC KEY-----\n";
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, 127.9.9.9, true",
    "127.0.0.0/8, 128.0.0.1, false",
    "10.0.0.0/9, 10.127.0.1, true",
    "10.0.0.0/9, 10.128.0.1, false",
    "0.0.0.0/0, 8.8.8.8, true",
    "::1/128, ::1, true",
    "::1/128, 127.0.0.1, false"
  })
  void knowsWhichAddressesARangeHolds(String range, String address, boolean held) {
    assertThat(Cidr.of(range).contains(InetAddress.ofLiteral(address))).isEqualTo(held);
  }
}
