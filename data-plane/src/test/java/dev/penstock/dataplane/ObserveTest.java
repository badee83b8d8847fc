package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.kernel.policy.ObservedRules;
import dev.penstock.kernel.policy.UnknownPrice;
import dev.penstock.proto.usage.v1.Decision;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What rules in observe mode let go on, and how that is told. */
class ObserveTest {

  private final NodeTester node = NodeTester.impatient();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void servesAModelThatAnObservedListLacks() throws Exception {
    node.model("assistant", "sim-n1").model("other", "sim-n1").observe(models("assistant"));
    node.publish();

    assertObserved(node.send(node.chat("other", true)), "model_not_allowed");
    assertThat(node.onlyRecord().getModel()).isEqualTo("other");
  }

  @Test
  void saysNothingOfWhatObservedRulesAllow() throws Exception {
    node.model("assistant", "sim-n1").observe(models("assistant")).publish();

    assertThat(node.send(node.chat("assistant", true)).statusCode()).isEqualTo(200);

    assertThat(wouldDeny(node.onlyRecord())).isEmpty();
  }

  @Test
  void deniesWhatAnEnforcedListLacksWhateverIsObserved() throws Exception {
    node.model("assistant", "sim-n1").model("other", "sim-n1").allowOnly("assistant");
    node.observe(models("assistant", "other")).publish();

    assertThat(node.send(node.chat("other", true)).statusCode()).isEqualTo(403);

    assertThat(node.onlyRecord().getErrorCode()).isEqualTo("model_not_allowed");
    assertThat(wouldDeny(node.onlyRecord())).isEmpty();
  }

  @Test
  void servesAnyModelWhereAListIsObservedAndNoneEnforced() throws Exception {
    node.model("assistant", "sim-n1").model("other", "sim-n1").allowOnly("none-of-these");
    node.observe(
        new ObservedRules(
            Optional.of(Set.of("assistant")),
            Optional.empty(),
            Set.of(),
            Optional.empty(),
            true,
            false));
    node.publish();

    assertObserved(node.send(node.chat("other", true)), "model_not_allowed");
  }

  @Test
  void servesAModelThatTheKeyLacks() throws Exception {
    node.model("assistant", "sim-n1").model("other", "sim-n1").keyFor("assistant");
    node.observe(
        new ObservedRules(
            Optional.empty(), Optional.empty(), Set.of(), Optional.empty(), false, true));
    node.publish();

    assertObserved(node.send(node.chat("other", true)), "model_not_allowed");
  }

  @Test
  void servesFromANodeOutsideAnObservedResidency() throws Exception {
    node.model("assistant", "sim-n1").observe(residency("us-east")).publish();

    assertObserved(node.send(node.chat("assistant", true)), "residency_denied");
  }

  @Test
  void servesByAProviderOutsideAnObservedResidency() throws Exception {
    node.provider("far", "us-east", node.sim.baseUrl()).modelAt("assistant", "far", "sim-n1");
    node.observe(residency(NodeTester.REGION)).publish();

    assertObserved(node.send(node.chat("assistant", true)), "residency_denied");
  }

  @Test
  void servesWithoutAnObservedTag() throws Exception {
    node.model("assistant", "sim-n1");
    node.observe(
        new ObservedRules(
            Optional.empty(), Optional.empty(), Set.of("app"), Optional.empty(), false, false));
    node.publish();

    assertObserved(node.send(node.chat("assistant", true)), "tag_required");
  }

  @Test
  void servesAModelWithoutPriceAtTheEnforcedCeilingWhereARefusalIsObserved() throws Exception {
    node.modelWithoutPrice("assistant", "sim-n1")
        .unknownPrice(new UnknownPrice.Ceiling(new TokenPrice(50_000_000)));
    node.observe(
        new ObservedRules(
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            Optional.of(new UnknownPrice.Refuse()),
            false,
            false));
    node.publish();

    assertObserved(node.send(node.chat("assistant", true)), "unknown_price");
    assertThat(node.onlyRecord().getCostNanoUsd()).isPositive();
  }

  private void assertObserved(HttpResponse<String> response, String code) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("served");
    assertThat(record.getErrorCode()).isEmpty();
    assertThat(wouldDeny(record)).containsExactly(code);
    assertThat(node.meters.counter("penstock.exchanges.would.deny", "code", code).count())
        .isEqualTo(1);
  }

  private static List<String> wouldDeny(RequestRecord record) {
    return record.getDecisionsList().stream()
        .filter(decision -> decision.getVerdict().equals("would_deny"))
        .map(Decision::getReason)
        .toList();
  }

  private static ObservedRules models(String... names) {
    return new ObservedRules(
        Optional.of(Set.of(names)), Optional.empty(), Set.of(), Optional.empty(), false, false);
  }

  private static ObservedRules residency(String region) {
    return new ObservedRules(
        Optional.empty(), Optional.of(Set.of(region)), Set.of(), Optional.empty(), false, false);
  }
}
