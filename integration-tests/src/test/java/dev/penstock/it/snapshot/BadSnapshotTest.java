package dev.penstock.it.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import dev.penstock.it.kit.SnapshotForge;
import dev.penstock.kernel.snapshot.Resource;
import dev.penstock.kernel.snapshot.ResourceKeys;
import dev.penstock.proto.policy.v1.Detector;
import dev.penstock.proto.policy.v1.Guard;
import dev.penstock.proto.policy.v1.Guards;
import dev.penstock.proto.policy.v1.TenantPolicy;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A snapshot that fails the node's own check, put into the store behind the control plane's back
 * and correctly signed.
 */
@ExtendWith(SharedStack.class)
class BadSnapshotTest {
  private final PenstockTester tester;
  private final SnapshotForge forge;

  BadSnapshotTest(PenstockTester tester) {
    this.tester = tester;
    forge = new SnapshotForge(tester.database(), tester.installation(), "eu-west");
  }

  /** Only the tenant's policy is refused: what can be enforced of the snapshot is in force. */
  @Test
  void leavesATenantItsPolicyWhenTheNewOneNeedsWhatTheNodeCannotEnforce() {
    // Given
    Application application = tester.application().create();
    String policy = ResourceKeys.tenantPolicy(application.tenant());

    // When
    forge.publish(
        changing(policy, builder -> builder.clearAllowedModels().addRequires("telepathy")));

    // Then
    awaitRefusal(policy, "telepathy");
    assertThat(tester.admin().node(PenstockTester.EU_NODE).path("connected").asBoolean()).isTrue();
    assertThat(application.stream().statusCode()).isEqualTo(200);
  }

  /** As a later build of the control plane may send. */
  @Test
  void leavesATenantItsGuardWhenTheNewOneHasADetectorThatTheNodeDoesNotKnow() {
    // Given
    Application application =
        tester
            .application()
            .guard("[{ type: terms, terms: [project osprey], action: block }]")
            .create();
    String guards = ResourceKeys.guards(application.tenant());
    byte[] later =
        Guards.newBuilder()
            .setTenant(application.tenant())
            .addGuards(
                Guard.newBuilder()
                    .setName("g")
                    .addOn("input")
                    .addDetectors(Detector.newBuilder().setType("toxicity").setAction("block")))
            .build()
            .toByteArray();

    // When
    forge.publish(replacing(guards, payload -> later));

    // Then
    awaitRefusal(guards, "guard g: detectors[0] has the type toxicity");
    String secret = application.body("\"stream\":true", "about Project Osprey");
    assertThat(application.post(secret).statusCode()).isEqualTo(400);
    assertThat(application.stream().statusCode()).isEqualTo(200);
  }

  @Test
  void isRefusedAsAWholeWhenItTakesMostTenantsAway() {
    // Given
    Application application = tester.application().create();

    // When
    forge.publish(resources ->
        resources.stream()
            .filter(resource -> !resource.key().startsWith(ResourceKeys.TENANT))
            .toList());

    // Then
    assertKept(application, "MASS_DELETE");
  }

  @Test
  void isRefusedAsAWholeWhenSomebodyElseHasSignedIt() {
    // Given
    Application application = tester.application().create();
    String policy = ResourceKeys.tenantPolicy(application.tenant());

    // When
    forge.publish(changing(policy, TenantPolicy.Builder::clearAllowedModels), new byte[64]);

    // Then
    assertKept(application, "BAD_SIGNATURE");
  }

  @Test
  void isFollowedByTheNextGoodOne() {
    // Given
    Application application = tester.application().create();
    String policy = ResourceKeys.tenantPolicy(application.tenant());
    forge.publish(changing(policy, TenantPolicy.Builder::clearAllowedModels), new byte[64]);
    assertKept(application, "BAD_SIGNATURE");

    // When
    Application next = tester.application().create();

    // Then
    assertThat(next.stream().statusCode()).isEqualTo(200);
    assertThat(tester.admin().node(PenstockTester.EU_NODE).path("nacks")).isEmpty();
  }

  private void awaitRefusal(String resource, String reason) {
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(() ->
            assertThat(tester.admin().node(PenstockTester.EU_NODE).path("nacks"))
                .anySatisfy(nack -> {
                  assertThat(nack.path("resource").asText("")).isEqualTo(resource);
                  assertThat(nack.toString()).contains(reason);
                }));
  }

  /** The reason stands in the admin API, and the node serves what it served before. */
  private void assertKept(Application application, String reason) {
    awaitRefusal("", reason);
    JsonNode node = tester.admin().node(PenstockTester.EU_NODE);
    assertThat(node.path("connected").asBoolean()).isTrue();
    assertThat(node.path("ackedRevision").asLong()).isEqualTo(forge.goodRevision());
    assertThat(node.path("desiredRevision").asLong()).isGreaterThan(forge.goodRevision());
    HttpResponse<String> answer = application.stream();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    String id = answer.headers().firstValue("x-penstock-request-id").orElseThrow();
    assertThat(tester.admin().record(id).path("policyRevision").asLong())
        .isEqualTo(forge.goodRevision());
  }

  private static UnaryOperator<List<Resource>> changing(
      String key, UnaryOperator<TenantPolicy.Builder> change) {
    return replacing(key, payload -> changed(payload, change));
  }

  private static UnaryOperator<List<Resource>> replacing(String key, UnaryOperator<byte[]> change) {
    return resources -> {
      List<Resource> changed = new ArrayList<>();
      for (Resource resource : resources) {
        changed.add(
            resource.key().equals(key)
                ? new Resource(key, change.apply(resource.payload()))
                : resource);
      }
      return changed;
    };
  }

  private static byte[] changed(byte[] payload, UnaryOperator<TenantPolicy.Builder> change) {
    try {
      return change.apply(TenantPolicy.parseFrom(payload).toBuilder()).build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("not a policy", e);
    }
  }
}
