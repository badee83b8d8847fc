package dev.penstock.controlplane.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A master key gives way to another, over the same rows. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class MasterKeyRotationTest {

  private static final String NEW = key(42);

  @Inject SecretRows rows;
  @Inject Envelope installed;

  private String old = "";

  @BeforeEach
  void keepASecret() throws SQLException {
    TestDatabase.reset();
    old = Base64.getEncoder().encodeToString(TestDatabase.masterKey());
    inOne(() -> {
      new PostgresSecretStore(rows, installed)
          .add(new Secret("acme", "s", 1, List.of("eu-west"), SecretValue.of("sk-1")));
      return new Peppers(rows, installed, 1).all();
    });
  }

  @AfterEach
  void goBack() {
    inOne(() -> new Rewrap(rows, envelope(old, NEW)).run());
  }

  @Test
  void opensWithBothUntilWrappedAnewAndThenWithTheNewOneAlone() {
    byte[] pepper = inOne(() -> new Peppers(rows, installed, 1).all().get(1));
    assertThat(value(envelope(NEW, old))).isEqualTo("sk-1");
    assertThatThrownBy(() -> value(envelope(NEW))).hasMessageContaining("does not open");

    int rewrapped = inOne(() -> new Rewrap(rows, envelope(NEW, old)).run());

    assertThat(rewrapped).isGreaterThanOrEqualTo(2);
    assertThat(value(envelope(NEW))).isEqualTo("sk-1");
    assertThat(inOne(() -> new Peppers(rows, envelope(NEW), 1).all().get(1))).isEqualTo(pepper);
    assertThatThrownBy(() -> value(envelope(old))).hasMessageContaining("does not open");
    assertThat(inOne(() -> new Rewrap(rows, envelope(NEW, old)).run())).isZero();
  }

  @Test
  void stopsAtARowThatNoKeyOpens() {
    assertThatThrownBy(() -> inOne(() -> new Rewrap(rows, envelope(NEW)).run()))
        .hasMessageContaining("does not open");

    assertThat(value(envelope(old))).isEqualTo("sk-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n", "not base64!", "c2hvcnQ="})
  void refusesWhatIsNoKey(String text) {
    assertThatThrownBy(() -> new MasterKeys(text.lines().toList()))
        .isInstanceOf(IllegalStateException.class)
        .message()
        .doesNotContain("c2hvcnQ=", "not base64!");
  }

  private String value(Envelope envelope) {
    return inOne(() ->
        new String(
            new PostgresSecretStore(rows, envelope).newest().getFirst().value().bytes(),
            StandardCharsets.UTF_8));
  }

  private static Envelope envelope(String... keys) {
    return new Envelope(new MasterKeys(List.of(keys)));
  }

  private static <T> T inOne(Supplier<T> task) {
    return QuarkusTransaction.requiringNew().call(task::get);
  }

  private static String key(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return Base64.getEncoder().encodeToString(key);
  }
}
