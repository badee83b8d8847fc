package dev.penstock.dataplane.snapshot;

import static dev.penstock.dataplane.snapshot.SnapshotKit.DELIVERY;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.proto.policy.v1.ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is told which keys are good no more. */
@NullUnmarked // a null where there should be none fails the test
final class RevocationTest {

  @TempDir Path dir;

  private SnapshotTester node;

  @BeforeEach
  void open() throws IOException {
    node = new SnapshotTester(dir);
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void refusesARevokedKeyWhicheverComesFirst() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    Set<String> told = new HashSet<>();
    node.current.onRevoked(told::addAll);

    // When
    node.client.onRevoke(8, Set.of("key-acme"));
    node.offer(SnapshotKit.with("acme").chunk(7));

    // Then
    assertThat(told).containsExactly("key-acme");
    assertThat(node.current.get().revokedKeyIds()).containsExactly("key-acme");
    node.offer(SnapshotKit.with("acme").keys("acme", key -> key.setRevoked(true)).chunk(8));
    assertThat(node.current.get().revokedKeyIds()).isEmpty();
    assertThat(node.current.get().content().keysById().get("key-acme").revoked()).isTrue();
  }

  @Test
  void remembersOverARestartWhatHasOvertakenItsSnapshot() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme", "labs").chunk(7));
    node.client.onRevoke(8, Set.of("key-acme"));

    // When
    node.restart();

    // Then
    assertThat(node.current.get().revision()).isEqualTo(7);
    assertThat(node.current.isUsable("key-acme")).isFalse();
    assertThat(node.current.isUsable("key-labs")).isTrue();
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme", "labs").chunk(8));
    assertThat(node.current.isUsable("key-acme")).isTrue();
  }

  @Test
  void servesNothingFromDiskWhereNobodyCanSayWhatWasRevoked() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme").chunk(7));
    node.client.onRevoke(9, Set.of("key-acme"));
    node.close(); // lets the disk be done
    Path file = dir.resolve("snapshot.revoked");
    byte[] changed = Files.readAllBytes(file);
    changed[changed.length - 1] ^= 1;
    Files.write(file, changed);

    // When
    node.restart();

    // Then
    assertThat(node.current.get()).isNull();

    // And the control plane's word puts it right
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme").chunk(8));
    node.restart();
    assertThat(node.current.get().revision()).isEqualTo(8);
  }

  @Test
  void tellsOfKeysThatASnapshotTakesAway() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(SnapshotKit.with("acme", "labs").chunk(7));
    Set<String> told = new HashSet<>();
    node.current.onRevoked(told::addAll);

    // When
    node.offer(SnapshotKit.with("acme").chunk(8));

    // Then
    assertThat(told).containsExactly("key-labs");
  }

  @Test
  void tellsOfServiceAccountsThatADeltaTakesAwayOrSuspends() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    SnapshotKit first =
        SnapshotKit.with("acme", "labs")
            .tenant("acme", policy -> policy.addServiceAccounts(account("acme")))
            .tenant("labs", policy -> policy.addServiceAccounts(account("labs")));
    List<Resource> base = first.resources();
    node.offer(first.chunk(7));
    Set<String> told = new HashSet<>();
    node.current.onRevoked(told::addAll);
    assertThat(node.current.isUsable(hash("acme"))).isTrue();

    // When
    node.offer(
        SnapshotKit.with("acme", "labs")
            .tenant("labs", policy -> policy.addServiceAccounts(account("labs")))
            .delta(8, base));

    // Then
    assertThat(told).containsExactly(hash("acme"));
    assertThat(node.current.isUsable(hash("acme"))).isFalse();
    assertThat(node.current.isUsable(hash("labs"))).isTrue();
    node.offer(
        SnapshotKit.with("acme", "labs")
            .tenant(
                "labs", policy -> policy.addServiceAccounts(account("labs")).setSuspendedBy("labs"))
            .chunk(9));
    assertThat(told).containsExactlyInAnyOrder(hash("acme"), hash("labs"));
    assertThat(node.current.isUsable(hash("labs"))).isFalse();
  }

  private static String hash(String tenant) {
    return dev.penstock.kernel.snapshot.ServiceAccount.hashOf("penstock." + tenant + ".bot");
  }

  private static ServiceAccount account(String tenant) {
    return ServiceAccount.newBuilder()
        .setClientHash(ByteString.fromHex(hash(tenant)))
        .setName("bot")
        .build();
  }
}
