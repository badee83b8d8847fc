package dev.penstock.it.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Command;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A tenant pays for the answer that it got; what failed before it is the platform's to bear. */
@ExtendWith(SharedStack.class)
class AttemptsTest {

  private final PenstockTester tester;

  AttemptsTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void areEachBookedOnTheirOwn() {
    // Given: a deployment that hangs up once it has been asked, and another one
    Application application = tester.application().create();
    Application asking = application.asking("failing-" + application.model());
    tester.admin().applyEverywhere(failingModel(asking.model(), application.tenant()));

    // When
    HttpResponse<String> answer = asking.stream();

    // Then
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    String id = answer.headers().firstValue("x-penstock-request-id").orElseThrow();
    JsonNode record = tester.admin().record(id);
    JsonNode failed = record.path("attempts").path(0);
    JsonNode served = record.path("attempts").path(1);
    assertThat(failed.path("error").asText()).isEqualTo("cut");
    assertThat(failed.path("billable").asBoolean(true)).isFalse();
    assertThat(failed.path("usageSource").asText()).isEqualTo("estimated");
    assertThat(failed.path("tokens").path("input").asLong()).isPositive();
    assertThat(served.path("billable").asBoolean()).isTrue();
    assertThat(served.path("tokens")).isEqualTo(record.path("tokens"));
    assertThat(served.path("costNanoUsd").asText()).isEqualTo(record.path("costNanoUsd").asText());
    String borne = failed.path("costNanoUsd").asText();
    assertThat(Long.parseLong(borne)).isPositive();
    assertThat(record.path("borneNanoUsd").asText()).isEqualTo(borne);
    await()
        .untilAsserted(
            () -> assertThat(spentOf(application)).isEqualTo(record.path("costNanoUsd").asText()));
    JsonNode spend = tester.admin().get("spend?tenant=" + application.tenant()).path("items");
    assertThat(spend.path(0).path("borneNanoUsd").asText()).isEqualTo(borne);
    assertThat(spend.path(0).path("costNanoUsd").asText())
        .isEqualTo(record.path("costNanoUsd").asText());
    Command explained = tester.penstock("explain", id);
    assertThat(explained.output()).contains("not billed: the platform bears 0.0000");
  }

  private String spentOf(Application application) {
    return tester
        .admin()
        .get("tenants/%s/budgets/month/windows".formatted(application.tenant()))
        .path("items")
        .path(0)
        .path("spent")
        .asText();
  }

  private static String failingModel(String model, String tenant) {
    return """
    apiVersion: penstock.dev/v1
    kind: Model
    metadata: { name: %1$s }
    spec:
      contextTokens: 128000
      maxOutputTokens: 1000
      prices:
        - validFrom: 2026-01-01T00:00:00Z
          perMillionTokens: { input: "2.50", output: "10.00" }
      deployments:
        - { name: %1$s-first, provider: openai-eu, upstreamModel: sim-close, weight: 100 }
        - { name: %1$s-then, provider: openai-eu, upstreamModel: sim-n4-b24-d0-t0-g1, weight: 0 }
    ---
    apiVersion: penstock.dev/v1
    kind: Policy
    metadata: { tenant: %2$s, name: default }
    spec:
      mode: enforce
      models: { allow: [%1$s] }
    """
        .formatted(model, tenant);
  }
}
