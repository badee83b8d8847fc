package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Command;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What can be read afterwards about a request. */
@ExtendWith(SharedStack.class)
class RequestRecordTest {
  private final PenstockTester tester;

  RequestRecordTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void tellsEverythingAboutAStream() {
    // Given
    Application application =
        tester
            .application()
            .upstream("sim-n30-b24-d1000-t20000-g1")
            .key("{ tags: { app: support } }")
            .create();
    long mark = tester.simulator().mark();

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    JsonNode record = tester.admin().record(requestId(answer));
    assertThat(record.path("id").asText()).isEqualTo(requestId(answer));
    assertThat(record.path("tenant").asText()).isEqualTo(application.tenant());
    assertThat(texts(record.path("tenantPath"))).containsExactly("acme", application.tenant());
    assertThat(record.path("tags").path("app").asText()).isEqualTo("support");
    assertThat(record.path("dialect").asText()).isEqualTo("openai-chat");
    assertThat(record.path("transport").asText()).isEqualTo("sse");
    assertThat(record.path("modelAsked").asText()).isEqualTo(application.model());
    assertThat(record.path("nodeRegion").asText()).isEqualTo("eu-west");
    assertThat(record.path("providerRegion").asText()).isIn("eu-west", "us-east");
    assertThat(record.path("credential").path("name").asText()).startsWith("acme/openai-");
    assertThat(record.path("policyRevision").asLong())
        .isEqualTo(tester.admin().node(PenstockTester.EU_NODE).path("ackedRevision").asLong());
    assertThat(steps(record))
        .containsExactly(
            "arrive",
            "identify",
            "resolve",
            "admit",
            "screen",
            "recall",
            "choose",
            "hold",
            "open",
            "relay",
            "settle");
    assertThat(record.path("attempts")).hasSize(1);
    assertThat(record.path("ttftUpstreamMicros").asLong()).isGreaterThanOrEqualTo(20_000);
    assertThat(record.path("ttftDeliveredMicros").asLong())
        .isGreaterThanOrEqualTo(record.path("ttftUpstreamMicros").asLong());
    assertThat(record.path("durationMicros").asLong())
        .isGreaterThanOrEqualTo(record.path("ttftDeliveredMicros").asLong());
    assertThat(record.path("tokens").path("output").asLong()).isEqualTo(30);
    assertThat(record.path("tokens").path("input").asLong()).isPositive();
    assertThat(record.path("usageSource").asText()).isEqualTo("provider");
    assertThat(record.path("outcome").asText()).isEqualTo("served");
    assertThat(record.path("presumed").asBoolean(true)).isFalse();
    assertThat(record.path("costNanoUsd").isTextual()).as("amounts are strings").isTrue();
    assertThat(record.path("costNanoUsd").asLong())
        .isPositive()
        .isEqualTo(tester.simulator().billedNanoUsd(application.upstreamModel(), mark));
  }

  @Test
  void addsUpToTheTenantsSpend() {
    // Given
    Application application = tester.application().upstream("sim-n31-b24-d0-t0-g1").create();
    long mark = tester.simulator().mark();

    // When
    application.stream();
    application.post(application.body("\"stream\":false"));

    // Then
    long invoiced = tester.simulator().billedNanoUsd(application.upstreamModel(), mark);
    await()
        .untilAsserted(() -> {
          JsonNode spend = spendOf(application.tenant());
          assertThat(spend.path("requests").asLong()).isEqualTo(2);
          assertThat(spend.path("costNanoUsd").asLong()).isPositive().isEqualTo(invoiced);
        });
    JsonNode window =
        tester
            .admin()
            .get("tenants/%s/budgets/month/windows".formatted(application.tenant()))
            .path("items")
            .path(0);
    assertThat(window.path("spent").asLong()).as(window.toString()).isEqualTo(invoiced);
  }

  @Test
  void chargesAnEstimateWhereTheProviderReportsNoUsage() {
    // Given
    Application application = tester.application().upstream("sim-missing-usage").create();

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    JsonNode record = tester.admin().record(requestId(answer));
    assertThat(record.path("usageSource").asText()).isEqualTo("estimated");
    assertThat(record.path("tokens").path("input").asLong()).isPositive();
    assertThat(record.path("tokens").path("output").asLong())
        .isPositive()
        .isLessThanOrEqualTo(answer.body().length()); // no token without a byte
    assertThat(record.path("costNanoUsd").asLong()).isPositive();
  }

  @Test
  void isExplainedOnTheCommandLine() {
    // Given
    Application application = tester.application().create();
    String id = requestId(application.stream());
    tester.admin().record(id);

    // When
    Command explain = tester.penstock("explain", id);

    // Then
    assertThat(explain.exitCode()).as(explain.output()).isZero();
    assertThat(explain.output())
        .contains(id, application.tenant(), application.model(), "served")
        .contains("identify", "admit", "hold", "settle");
  }

  @Test
  void isNotThereForAnIdThatNobodyGave() {
    // Given
    String id = "01890000-0000-7000-8000-000000000000";

    // When
    Command explain = tester.penstock("explain", id);

    // Then
    assertThat(explain.exitCode()).as(explain.output()).isEqualTo(1);
    assertThat(explain.output()).contains(id);
  }

  private JsonNode spendOf(String tenant) {
    for (JsonNode row : tester.admin().get("spend?groupBy=tenant").path("items")) {
      if (row.path("tenant").asText().equals(tenant)) {
        return row;
      }
    }
    throw new AssertionError("no spend of " + tenant);
  }

  private static String requestId(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.headers().firstValue("x-penstock-request-id").orElseThrow();
  }

  private static List<String> steps(JsonNode record) {
    List<String> steps = new ArrayList<>();
    record.path("decisions").forEach(decision -> steps.add(decision.path("step").asText()));
    return steps;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
