package dev.penstock.dataplane.admission;

import static dev.penstock.dataplane.snapshot.SnapshotKit.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.admission.ProbeRequests.Difference;
import dev.penstock.dataplane.snapshot.CurrentSnapshot;
import dev.penstock.dataplane.snapshot.ServingSnapshot;
import dev.penstock.dataplane.snapshot.SnapshotAnswer;
import dev.penstock.dataplane.snapshot.SnapshotClient;
import dev.penstock.dataplane.snapshot.SnapshotKit;
import dev.penstock.dataplane.wire.PolicyReader;
import dev.penstock.proto.policy.v1.Residency;
import dev.penstock.proto.policy.v1.TenantPolicy;
import dev.penstock.proto.policy.v1.UnknownPrice;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new snapshot decides otherwise is found before it decides anything. */
@NullUnmarked // a null where there should be none fails the test
final class ProbeRequestsTest {

  @TempDir Path dir;

  private final ProbeRequests probes = new ProbeRequests(REGION, Clock.systemUTC());
  private final CurrentSnapshot current = new CurrentSnapshot();
  private SnapshotClient client;
  private List<Difference> found = List.of();

  @BeforeEach
  void open() throws Exception {
    client =
        SnapshotClient.open(
            dir,
            REGION,
            List.of(SnapshotKit.SIGNING.getPublic()),
            new PolicyReader(),
            current,
            List.of(this::probe));
    client.onDeliveryKey(SnapshotKit.DELIVERY.encoded());
  }

  private void probe(ServingSnapshot now, ServingSnapshot next) {
    found = probes.differences(now, next);
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void theFirstSnapshotHasNothingToDifferFrom() throws Exception {
    offer(1, tenants("acme"));

    assertThat(found).isEmpty();
  }

  @Test
  void tellsWhoseRequestsAreDecidedOtherwiseAndHow() throws Exception {
    // Given
    offer(1, tenants("acme", "labs", "bank"));

    // When
    offer(
        2,
        tenants("acme", "labs", "bank")
            .tenant("labs", policy -> rules(policy).clearAllowedModels())
            .tenant(
                "bank",
                policy ->
                    rules(policy).setResidency(Residency.newBuilder().addRegions("us-east"))));

    // Then
    assertThat(found)
        .containsExactlyInAnyOrder(
            new Difference(
                new Probe("labs", "assistant"), "served by assistant-eu", "model_not_allowed"),
            new Difference(
                new Probe("bank", "assistant"), "served by assistant-eu", "residency_denied"));
    assertThat(found.toString())
        .contains("labs asks for assistant: served by assistant-eu -> model_not_allowed");
  }

  @Test
  void aTenantThatComesOrIsSuspendedIsADifference() throws Exception {
    offer(1, tenants("acme", "labs", "bank", "shop", "news"));

    offer(
        2,
        tenants("acme", "labs", "bank", "shop", "news", "guest")
            .tenant("labs", policy -> rules(policy).setSuspendedBy("acme")));

    assertThat(found)
        .containsExactlyInAnyOrder(
            new Difference(
                new Probe("labs", "assistant"), "served by assistant-eu", "suspended by acme"),
            new Difference(
                new Probe("guest", "assistant"), "no such tenant", "served by assistant-eu"));
  }

  @Test
  void askForAtMostSoManyHoweverManyTenantsThereAre() throws Exception {
    String[] names = IntStream.range(0, 100).mapToObj(i -> "tenant-" + i).toArray(String[]::new);
    offer(1, tenants(names));

    SnapshotKit narrowed = tenants(names);
    for (String name : names) {
      narrowed.tenant(name, policy -> rules(policy).clearAllowedModels());
    }
    offer(2, narrowed);

    assertThat(found).hasSize(ProbeRequests.MOST);
  }

  @Test
  void aChangeThatDecidesNothingOtherwiseIsNoDifference() throws Exception {
    offer(1, tenants("acme", "labs"));

    offer(2, tenants("acme", "labs").tenant("labs", policy -> rules(policy).putTags("app", "x")));

    assertThat(found).isEmpty();
    assertThat(current.get().revision()).isEqualTo(2);
  }

  private static SnapshotKit tenants(String... names) {
    SnapshotKit kit = SnapshotKit.with(names);
    for (String name : names) {
      kit.tenant(name, ProbeRequestsTest::rules);
    }
    return kit;
  }

  /** The kit's model has no price of its own. */
  private static TenantPolicy.Builder rules(TenantPolicy.Builder policy) {
    return policy.setUnknownPrice(
        UnknownPrice.newBuilder().setCeilingNanoUsdPerMillionTokens(50_000_000_000L));
  }

  private void offer(long revision, SnapshotKit kit) throws Exception {
    CompletableFuture<SnapshotAnswer> answer = new CompletableFuture<>();
    client.onChunk(kit.chunk(revision), answer::complete);
    assertThat(answer.get(10, TimeUnit.SECONDS)).isInstanceOf(SnapshotAnswer.Accepted.class);
  }
}
