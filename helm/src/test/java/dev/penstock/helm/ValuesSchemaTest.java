package dev.penstock.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ValuesSchemaTest {

  @Test
  void namesEverySecretThatTheDefaultsLeaveOpen() {
    assertThatThrownBy(() -> Chart.bareCommand().call())
        .hasMessageContaining("'/image/registry'")
        .hasMessageContaining("'/controlPlane/database/url'")
        .hasMessageContaining("'/controlPlane/database/existingSecret'")
        .hasMessageContaining("'/controlPlane/adminToken/existingSecret'")
        .hasMessageContaining("'/controlPlane/masterKey/existingSecret'")
        .hasMessageContaining("'/controlPlane/snapshotSigningKey/existingSecret'")
        .hasMessageContaining("'/controlPlane/tls/existingSecret'")
        .hasMessageContaining("'/migrations/database/existingSecret'");
  }

  /** Laid over the minimal variant, with the place the refusal must name. */
  static Stream<Arguments> refusedInOneCluster() {
    return Stream.of(
        // Images
        arguments("controlPlane: {image: {tag: latest}}", "/controlPlane/image/tag"),
        arguments("dataPlane: {image: {tag: Latest}}", "/dataPlane/image/tag"),
        arguments("dataPlane: {image: {digest: sha256:beef}}", "/dataPlane/image/digest"),
        arguments("console: {image: {repository: 'ui:latest'}}", "/console/image/repository"),
        arguments("image: {registry: 'https://registry.example.com'}", "/image/registry"),
        // Secrets in plain
        arguments("controlPlane: {database: {password: hunter2}}", "/controlPlane/database"),
        arguments(
            "controlPlane: {database: {url: 'jdbc:postgresql://db/p?user=a&password=b'}}",
            "/controlPlane/database/url"),
        arguments(
            "controlPlane: {database: {url: 'jdbc:postgresql://a:b@db/p'}}",
            "/controlPlane/database/url"),
        arguments("controlPlane: {adminToken: {value: abc}}", "/controlPlane/adminToken"),
        arguments(
            "controlPlane: {masterKey: {existingSecret: 'kZ0/+A=='}}",
            "/controlPlane/masterKey/existingSecret"),
        arguments(
            "dataPlane: {snapshotPublicKey: \"-----BEGIN PRIVATE KEY-----\\nAA==\\n"
                + "-----END PRIVATE KEY-----\\n\"}",
            "/dataPlane/snapshotPublicKey"),
        // Missing names
        arguments("migrations: {database: {existingSecret: ''}}", "/migrations/database"),
        arguments("controlPlane: {tls: {existingSecret: null}}", "/controlPlane/tls"),
        arguments("dataPlane: {snapshotPublicKey: ''}", "/dataPlane/snapshotPublicKey"),
        arguments("dataPlane: {regions: [{name: eu}]}", "certificatesSecret"),
        arguments(
            "dataPlane: {nodeCertificates: {source: joinToken, controlPlaneCa: "
                + "'-----BEGIN CERTIFICATE-----'}}",
            "joinTokensSecret"),
        arguments(
            "dataPlane: {nodeCertificates: {source: joinToken}}",
            "/dataPlane/nodeCertificates/controlPlaneCa"),
        arguments("controlPlane: {pepperVersion: 0}", "/controlPlane/pepperVersion"),
        arguments("controlPlane: {pepperVersion: 33}", "/controlPlane/pepperVersion"),
        arguments(
            "dataPlane: {nodeCertificates: {source: certManagerCsi}}",
            "/dataPlane/nodeCertificates/issuer/name"),
        arguments(
            "{oidc: {issuer: 'https://sso/realms/p'}, console: {enabled: true, url: 'https://c'}}",
            "/console/client/existingSecret"),
        arguments(
            "{oidc: {issuer: 'https://sso/realms/p'}, console: {enabled: true,"
                + " client: {existingSecret: s}}}",
            "/console/url"),
        arguments("dataPlane: {tokens: {enabled: true}}", "/oidc/issuer"),
        arguments(
            "{oidc: {issuer: 'http://sso/realms/p'}, dataPlane: {tokens: {enabled: true}}}",
            "/oidc/issuer"),
        arguments("dataPlane: {tokens: {jwksUrl: 'http://sso/keys'}}", "/dataPlane/tokens/jwksUrl"),
        // Ways round the fences
        arguments("providerAllowPrivate: [0.0.0.0/0]", "/providerAllowPrivate/0"),
        arguments("controlPlane: {rollout: {canary: soon}}", "/controlPlane/rollout/canary"),
        arguments("providerAllowPrivate: [169.254.0.0/16]", "/providerAllowPrivate/0"),
        arguments("providerAllowPrivate: [169.0.0.0/8]", "/providerAllowPrivate/0"),
        arguments("providerAllowPrivate: ['fd00:ec2::/48']", "/providerAllowPrivate/0"),
        arguments("providerAllowPrivate: ['fd20:ce::/64']", "/providerAllowPrivate/0"),
        arguments("providerAllowPrivate: ['fc00::/7']", "/providerAllowPrivate/0"),
        arguments("dns: {cidrs: [169.254.169.254/32]}", "/dns/cidrs/0"),
        arguments(
            "dataPlane: {networkPolicy: {privateProviderPorts: [5432]}}",
            "/dataPlane/networkPolicy/privateProviderPorts/0"),
        arguments(
            "controlPlane: {webhooks: {allowPrivate: [169.254.0.0/16]}}",
            "/controlPlane/webhooks/allowPrivate/0"),
        arguments(
            "controlPlane: {networkPolicy: {webhookPorts: [5432]}}",
            "/controlPlane/networkPolicy/webhookPorts/0"),
        arguments("networkPolicy: {enabled: false}", "networkPolicy"),
        arguments("dataPlane: {securityContext: {privileged: true}}", "/dataPlane"),
        arguments("dataPlane: {service: {type: NodePort}}", "/dataPlane/service/type"),
        // Plain mistakes
        arguments("controlPlane: {replicas: 0}", "/controlPlane/replicas"),
        arguments("controlPlane: {replicaz: 2}", "replicaz"),
        arguments("dataPlane: {drainSeconds: 10m}", "/dataPlane/drainSeconds"),
        arguments("dataPlane: {preStopSeconds: 45}", "/dataPlane/preStopSeconds"),
        arguments("dataPlane: {resources: {limits: {memory: lots}}}", "/limits/memory"),
        arguments(
            "dataPlane: {regions: [{name: EU_West, certificatesSecret: c}]}",
            "/dataPlane/regions/0/name"),
        arguments(
            "dataPlane: {controlPlaneAddress: 'cp.example.com:443'}",
            "/dataPlane/controlPlaneAddress"),
        arguments("migrations: {mode: never}", "/migrations/mode"));
  }

  @ParameterizedTest
  @MethodSource("refusedInOneCluster")
  void refusesAndNamesThePlace(String changes, String place, @TempDir Path scratch)
      throws IOException {
    // Given
    Path values = Chart.changed(Chart.variant("minimal"), changes, scratch);

    // When, Then
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(place);
  }

  static Stream<Arguments> refusedInRegion() {
    return Stream.of(
        arguments("dataPlane: {controlPlaneAddress: ''}", "/dataPlane/controlPlaneAddress"),
        arguments(
            "dataPlane: {controlPlaneAddress: 'https://cp'}", "/dataPlane/controlPlaneAddress"),
        arguments("dataPlane: {regions: []}", "/dataPlane/regions"));
  }

  @ParameterizedTest
  @MethodSource("refusedInRegion")
  void refusesRegionWithoutItsControlPlane(String changes, String place, @TempDir Path scratch)
      throws IOException {
    // Given
    Path values = Chart.changed(Chart.variant("region"), changes, scratch);

    // When, Then
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(place);
  }

  @Test
  void refusesTheSameRegionTwice(@TempDir Path scratch) throws IOException {
    // Given
    String twice =
        "dataPlane: {regions: [{name: eu, certificatesSecret: a}, {name: eu, certificatesSecret: b}]}";
    Path values = Chart.changed(Chart.variant("minimal"), twice, scratch);

    // When, Then
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining("\"eu\" occurs twice");
  }

  @Test
  void refusesReleaseNamesThatLeaveNoRoomForNodeNames() {
    assertThatThrownBy(() ->
            Chart.command(Chart.variant("minimal"))
                .withName("a-release-name-that-is-too-long")
                .call())
        .hasMessageContaining("at most 24");
  }

  @Test
  void refusesKubernetesWithoutPreStopSleep() {
    assertThatThrownBy(
            () -> Chart.command(Chart.variant("minimal")).withKubeVersion("1.29.9").call())
        .hasMessageContaining("1.29.9");
  }

  /** A property that the schema does not know must never pass, at any depth. */
  @Test
  void closesEveryObject() throws IOException {
    // Given
    JsonElement schema =
        JsonParser.parseString(Files.readString(Chart.HOME.resolve("values.schema.json")));

    // When
    List<String> open = new ArrayList<>();
    findOpenObjects(schema, "#", open);

    // Then
    assertThat(open).isEmpty();
  }

  private static void findOpenObjects(JsonElement schema, String path, List<String> open) {
    if (schema instanceof JsonObject object) {
      if (object.has("type") && object.get("type").toString().equals("\"object\"")) {
        JsonElement more = object.get("additionalProperties");
        // A map (labels, annotations) says what its values are; everything else is closed.
        boolean closed = more != null && (more.isJsonObject() || !more.getAsBoolean());
        if (!closed) {
          open.add(path);
        }
      }
      object.asMap().forEach((key, child) -> findOpenObjects(child, path + "/" + key, open));
    }
    if (schema instanceof JsonArray array) {
      array.forEach(child -> findOpenObjects(child, path + "/[]", open));
    }
  }
}
