package dev.penstock.controlplane.secret;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.controlplane.apikey.ApiKeys;
import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.snapshot.SnapshotStore;
import dev.penstock.kernel.apikey.ApiKey;
import dev.penstock.kernel.apikey.KeyHash;
import dev.penstock.kernel.snapshot.ResourceKeys;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pepper gives way to another, over keys that are in use. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class PepperVersionsTest {

  private static final String KEY = "/tenants/acme-health/api-keys/support-assistant";

  @Inject SecretRows rows;
  @Inject Envelope envelope;
  @Inject ApiKeys keys;
  @Inject SnapshotStore snapshots;

  @SuppressWarnings("NullAway.Init") // set before each
  private ApiKey first;

  private int old;

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    first = ApiKey.parse(apply(company()).jsonPath().getString("keys[0].key")).orElseThrow();
    old = peppers(1).lastKey();
  }

  @Test
  void hashesNewKeysUnderTheNewOneAndKeepsWhatWasHashedUnderTheOld() {
    // When
    TreeMap<Integer, byte[]> peppers = peppers(old + 1);
    ApiKey second =
        ApiKey.parse(post(KEY + "/rotate?overlap=1h", "").jsonPath().getString("keys[0].key"))
            .orElseThrow();

    // Then
    assertThat(get(KEY + "/keys").jsonPath().getList("keys.pepperVersion", Integer.class))
        .containsExactly(old + 1, old);
    Map<String, byte[]> hashes = hashes();
    assertThat(hashes.get(first.id())).isEqualTo(hash(peppers, old, first));
    assertThat(hashes.get(second.id())).isEqualTo(hash(peppers, old + 1, second));
    for (int version = 1; version <= old + 1; version++) {
      assertThat(
              snapshots.latest("eu-west").orElseThrow().tree().find(ResourceKeys.pepper(version)))
          .isPresent();
    }
  }

  @Test
  void neverReplacesAPepperThatThereIs() {
    TreeMap<Integer, byte[]> made = peppers(old + 1);

    assertThat(peppers(old + 1)).usingRecursiveComparison().isEqualTo(made);
    assertThat(peppers(1)).usingRecursiveComparison().isEqualTo(made);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 33})
  void refusesAVersionThatThereCannotBe(int version) {
    assertThatThrownBy(() -> new Peppers(rows, envelope, version))
        .hasMessageContaining("PENSTOCK_PEPPER_VERSION: " + version + " (expected: 1 to 32)");
  }

  private static byte[] hash(TreeMap<Integer, byte[]> peppers, int version, ApiKey key) {
    return new KeyHash(Objects.requireNonNull(peppers.get(version))).of(key);
  }

  private Map<String, byte[]> hashes() {
    Map<String, byte[]> hashes = new TreeMap<>();
    inOne(() -> keys.ofName(ResourceRef.ofTenant(Kind.API_KEY, "acme-health", "support-assistant")))
        .forEach(key -> hashes.put(key.id(), key.hash()));
    return hashes;
  }

  /** As a replica sees them that wants this version. */
  private TreeMap<Integer, byte[]> peppers(int wanted) {
    return inOne(() -> new Peppers(rows, envelope, wanted).all());
  }

  private static <T> T inOne(Supplier<T> task) {
    return QuarkusTransaction.requiringNew().call(task::get);
  }
}
