package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.proto.usage.v1.Attempt;
import dev.penstock.proto.usage.v1.LeaseCharge;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each attempt is booked on its own: the one that served on the tenant, others on the platform. */
class AttemptCostTest {

  private static final String FINE = "sim-n3-d0-t0";

  private final NodeTester node = NodeTester.impatient();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @ParameterizedTest
  @CsvSource({"sim-stall, first_token_timeout", "sim-reset, cut", "sim-close, cut"})
  void whatMayBeChargedForNothingIsThePlatforms(String script, String error) throws Exception {
    // Given
    node.model("assistant", script, FINE).publish();

    // When
    assertThat(node.send(node.chat("assistant", true)).statusCode()).isEqualTo(200);

    // Then
    RequestRecord record = node.onlyRecord();
    Attempt failed = record.getAttempts(0);
    assertThat(failed.getError()).isEqualTo(error);
    assertThat(failed.getBillable()).isFalse();
    assertThat(failed.getProvider()).isEqualTo("sim");
    assertThat(failed.getModel()).isEqualTo("assistant");
    assertThat(failed.getUsageSource()).isEqualTo("estimated");
    assertThat(failed.getTokens().getInput()).isPositive();
    assertThat(failed.getTokens().getOutput()).isZero();
    assertThat(failed.getCostNanoUsd()).isEqualTo(cost(failed)).isPositive();
    assertServed(record, record.getAttempts(record.getAttemptsCount() - 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sim-status-500", "sim-status-401"})
  void whatNoProviderChargesForCostsNothing(String script) throws Exception {
    node.model("assistant", script, FINE).publish();

    assertThat(node.send(node.chat("assistant", true)).statusCode()).isEqualTo(200);

    RequestRecord record = node.onlyRecord();
    assertThat(record.getAttempts(0).getCostNanoUsd()).isZero();
    assertThat(record.getAttempts(0).hasTokens()).isFalse();
    assertServed(record, record.getAttempts(1));
  }

  @Test
  void noTenantPaysWhereNobodyServes() throws Exception {
    node.model("assistant", "sim-stall", "sim-reset").publish();

    assertThat(node.send(node.chat("assistant", true)).statusCode()).isEqualTo(502);

    RequestRecord record = node.onlyRecord();
    assertThat(record.getCostNanoUsd()).isZero();
    assertThat(record.getAttemptsList())
        .hasSize(2)
        .allMatch(attempt -> attempt.getCostNanoUsd() > 0 && !attempt.getBillable());
  }

  @Test
  void anAnswerThatNobodyCanUseIsThePlatforms() throws Exception {
    // Given
    node.sim
        .scripts()
        .put(
            "nonsense",
            "{\"steps\": [{\"status\": 200, \"body\": \"%s\"}]}".formatted("no ".repeat(400)));
    node.model("assistant", "nonsense").publish();

    // When
    assertThat(node.send(node.chat("assistant", false)).statusCode()).isEqualTo(502);

    // Then
    RequestRecord record = node.onlyRecord();
    assertThat(record.getCostNanoUsd()).isZero();
    Attempt only = record.getAttempts(0);
    assertThat(only.getError()).isEqualTo("malformed");
    assertThat(only.getBillable()).isFalse();
    assertThat(only.getTokens().getOutput()).isGreaterThanOrEqualTo(300);
    assertThat(only.getCostNanoUsd()).isEqualTo(cost(only));
  }

  private static void assertServed(RequestRecord record, Attempt last) {
    assertThat(last.getBillable()).isTrue();
    assertThat(last.getTokens()).isEqualTo(record.getTokens());
    assertThat(last.getUsageSource()).isEqualTo("provider");
    assertThat(last.getCostNanoUsd()).isEqualTo(record.getCostNanoUsd()).isPositive();
    List<LeaseCharge> charges = record.getChargesList();
    assertThat(charges).allMatch(charge -> charge.getCostNanoUsd() == record.getCostNanoUsd());
  }

  /**
   * At the prices of {@link NodeTester#PRICE}, which has one for a thousand of input and output.
   */
  private static long cost(Attempt attempt) {
    long input = Math.ceilDiv(attempt.getTokens().getInput() * 2_500, 1_000_000L);
    long output = Math.ceilDiv(attempt.getTokens().getOutput() * 10_000, 1_000_000L);
    return input + output;
  }
}
