package dev.penstock.dataplane.snapshot;

import static dev.penstock.dataplane.snapshot.SnapshotKit.DELIVERY;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.penstock.dataplane.snapshot.SnapshotAnswer.Refused;
import dev.penstock.kernel.snapshot.ResourceError;
import dev.penstock.kernel.snapshot.ResourceError.Code;
import dev.penstock.proto.policy.v1.RateLimit;
import dev.penstock.proto.policy.v1.ServiceAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A fault in one tenant's rules is that tenant's alone. */
@NullUnmarked // a null where there should be none fails the test
final class BadTenantTest {

  private static final RateLimit LIMIT =
      RateLimit.newBuilder().setTenant("labs").setName("all").setRequestsPerMinute(60).build();

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

  static Stream<Arguments> badTenants() {
    return Stream.of(
        Arguments.of(
            SnapshotKit.with("acme", "labs").put("tenant/labs/policy", new byte[] {1}),
            Code.UNPARSABLE),
        Arguments.of(
            SnapshotKit.with("acme", "labs").tenant("labs", p -> p.addRequires("telepathy")),
            Code.UNKNOWN_FEATURE),
        Arguments.of(
            SnapshotKit.with("acme", "labs").tenant("labs", p -> p.addAllowedModels("none")),
            Code.BAD_REFERENCE),
        Arguments.of(
            SnapshotKit.with("acme", "labs")
                .keys("labs", key -> key.setTenant("acme").setId("key-x")),
            Code.BAD_VALUE),
        Arguments.of(
            SnapshotKit.with("acme", "labs")
                .tenant(
                    "labs", p -> p.addServiceAccounts(ServiceAccount.newBuilder().setName("bot"))),
            Code.BAD_VALUE),
        Arguments.of(
            SnapshotKit.with("acme", "labs").keys("labs", key -> key.setPepperVersion(9)),
            Code.BAD_REFERENCE));
  }

  @ParameterizedTest
  @MethodSource("badTenants")
  void keepsABadTenantsRulesAndAppliesTheOthers(SnapshotKit kit, Code code) throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(
        SnapshotKit.with("acme", "labs")
            .tenant("labs", policy -> policy.addRequiredTags("old").addRateLimits(LIMIT))
            .chunk(7));
    kit.tenant("acme", policy -> policy.addRequiredTags("new"));

    // When
    SnapshotAnswer answer = node.offer(kit.chunk(8));

    // Then
    assertThat(answer)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.errors())
                  .allMatch(error -> error.resourceKey().startsWith("tenant/labs/"))
                  .extracting(ResourceError::code)
                  .contains(code);
              assertThat(refused.keptRevision()).isEqualTo(8);
            });
    assertMixed();
    node.restart();
    assertMixed();
  }

  private void assertMixed() {
    ServingSnapshot serving = node.current.get();
    assertThat(serving.revision()).isEqualTo(8);
    assertThat(serving.content().tenants().get("acme").policy().requiredTags())
        .containsExactly("new");
    assertThat(serving.content().tenants().get("labs").policy().requiredTags())
        .containsExactly("old");
    assertThat(serving.content().tenants().get("labs").rateLimits()).hasSize(1);
    assertThat(serving.content().keysById()).containsOnlyKeys("key-acme", "key-labs");
    assertThat(serving.content().keysById().get("key-labs").tenant()).isEqualTo("labs");
  }

  @Test
  void keepsABadTenantsServiceAccountsUnlessTheRefusedRulesHaveThemNoLonger() throws Exception {
    // Given
    ServiceAccount stays = account("stays");
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(
        SnapshotKit.with("acme", "labs")
            .tenant(
                "labs",
                policy -> policy.addServiceAccounts(stays).addServiceAccounts(account("goes")))
            .chunk(7));

    // When
    node.offer(
        SnapshotKit.with("acme", "labs")
            .tenant("labs", policy -> policy.addServiceAccounts(stays).addRequires("telepathy"))
            .chunk(8));

    // Then
    assertThat(node.current.get().content().serviceAccounts().values())
        .extracting(account -> account.tenant() + "/" + account.name())
        .containsExactly("labs/stays");
  }

  @Test
  void suspendsABadTenantsCallersWhereTheRefusedRulesDo() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(
        SnapshotKit.with("acme", "labs")
            .tenant("labs", policy -> policy.addServiceAccounts(account("bot")))
            .chunk(7));
    List<String> told = new CopyOnWriteArrayList<>();
    node.current.onRevoked(told::addAll);

    // When
    node.offer(
        SnapshotKit.with("acme", "labs")
            .tenant(
                "labs",
                policy ->
                    policy
                        .addServiceAccounts(account("bot"))
                        .setSuspendedBy("labs")
                        .addRequires("telepathy"))
            .put("tenant/labs/keys/app", new byte[] {1})
            .chunk(8));

    // Then
    assertThat(node.current.isUsable(hash("bot"))).isFalse();
    assertThat(node.current.isUsable("key-labs")).isFalse();
    assertThat(told).containsExactlyInAnyOrder(hash("bot"), "key-labs");
    assertThat(node.current.get().content().tenants().get("labs").policy().suspendedBy())
        .contains("labs");
    node.restart();
    assertThat(node.current.isUsable(hash("bot"))).isFalse();
  }

  @Test
  void keepsNoServiceAccountsOfABadTenantWhoseRulesCannotBeRead() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());
    node.offer(
        SnapshotKit.with("acme", "labs")
            .tenant("labs", policy -> policy.addServiceAccounts(account("bot")))
            .chunk(7));

    // When
    node.offer(SnapshotKit.with("acme", "labs").put("tenant/labs/policy", new byte[] {1}).chunk(8));

    // Then
    assertThat(node.current.isUsable(hash("bot"))).isFalse();
    assertThat(node.current.get().content().tenants()).containsKey("labs");
  }

  private static String hash(String name) {
    return dev.penstock.kernel.snapshot.ServiceAccount.hashOf("penstock.labs." + name);
  }

  private static ServiceAccount account(String name) {
    return ServiceAccount.newBuilder()
        .setClientHash(ByteString.fromHex(hash(name)))
        .setName(name)
        .build();
  }

  @Test
  void leavesOutABadTenantThatHadNoRules() throws Exception {
    // Given
    node.client.onDeliveryKey(DELIVERY.encoded());

    // When
    node.offer(SnapshotKit.with("acme", "labs").put("tenant/labs/policy", new byte[] {1}).chunk(7));

    // Then
    assertThat(node.current.get().content().tenants()).containsOnlyKeys("acme");
    assertThat(node.current.get().content().keysById()).containsOnlyKeys("key-acme");
  }
}
