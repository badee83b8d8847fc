package dev.penstock.it.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.ApplicationPlan;
import dev.penstock.it.kit.Canaries;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What becomes of a stream while its budget changes or runs out. A part of it is 1,024 tokens and
 * costs a little over a cent.
 */
@ExtendWith(SharedStack.class)
class RunningStreamTest {

  private static final String CUT = "budget_exhausted_mid_stream";
  private static final String ENDLESS = "sim-n100000-b24-d5000-t0-g1";

  private final PenstockTester tester;

  RunningStreamTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void isCutWhenItsBudgetIsUsedUp() {
    // Given
    Application application = plan(ENDLESS, "0.05").create();
    long mark = tester.simulator().mark();

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains(CUT, application.tenant() + "/month")
        .doesNotContain("[DONE]");
    String id = answer.headers().firstValue("x-penstock-request-id").orElseThrow();
    JsonNode record = tester.admin().record(id);
    assertThat(record.path("outcome").asText()).isEqualTo("cancelled");
    assertThat(record.path("errorCode").asText()).isEqualTo(CUT);
    assertThat(record.path("attempts").path(0).path("costNanoUsd").asLong())
        .isEqualTo(record.path("costNanoUsd").asLong())
        .isPositive();
    await()
        .untilAsserted(() -> {
          List<JsonNode> calls = tester.simulator().calls(application.upstreamModel(), mark);
          assertThat(calls).hasSize(1);
          assertThat(calls.getFirst().path("outcome").asText()).isEqualTo("aborted");
          assertThat(calls.getFirst().path("billedNanoUsd").asLong())
              .isLessThanOrEqualTo(50_000_000);
        });
    await()
        .untilAsserted(() -> {
          JsonNode window = window(application);
          assertThat(window.path("spent").asLong())
              .as(window.toString())
              .isEqualTo(record.path("costNanoUsd").asLong());
          assertThat(window.path("overage").asLong()).isZero();
        });
  }

  @Test
  void raisesInTheOfficialSdk() {
    // Given
    Application application = plan(ENDLESS, "0.05").create();
    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(application.baseUrl())
            .apiKey(application.key())
            .build();
    ChatCompletionCreateParams question =
        ChatCompletionCreateParams.builder()
            .model(application.model())
            .addUserMessage("hello, " + Canaries.PROMPT)
            .build();

    // When
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(question)) {
      // Then
      assertThatThrownBy(() -> stream.stream().forEach(chunk -> {}))
          .isInstanceOf(OpenAIException.class);
    }
    tester.admin().refusal(application.tenant(), CUT);
  }

  @Test
  void isCutWithinSecondsWhenItsBudgetIsLowered() throws Exception {
    // Given
    Application application = plan(ENDLESS, "10.00").create();
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(application::stream);
    await()
        .untilAsserted(() -> assertThat(window(application).path("leased").asLong()).isPositive());

    // When
    amount(application, "0.001");

    // Then
    assertThat(answer.get(Patience.FOR_AN_ANSWER.toSeconds(), TimeUnit.SECONDS).body())
        .contains(CUT);
  }

  @Test
  void goesOnWhenItsBudgetIsRaised() throws Exception {
    // Given: two parts can be paid for; it takes 6 seconds until a third one is asked for
    Application application = plan("sim-n200-b24-d50000-t0-g1", "0.0212").create();
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(application::stream);
    await()
        .untilAsserted(() -> assertThat(window(application).path("leased").asLong()).isPositive());

    // When
    amount(application, "1.00");

    // Then
    assertThat(answer.get(Patience.FOR_AN_ANSWER.toSeconds(), TimeUnit.SECONDS).body())
        .endsWith("data: [DONE]\n\n");
  }

  @Test
  void isLimitedInsteadWhereItsBudgetSaysSo() {
    // Given
    Application application =
        plan("sim-n3000-b8-d0-t0-g50", "0.01").budgetSays("clampToFit: true").create();

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertThat(answer.body()).contains("\"finish_reason\":\"length\"").endsWith("data: [DONE]\n\n");
    long limit =
        answer.headers().firstValue("x-penstock-clamped").map(Long::parseLong).orElseThrow();
    JsonNode record =
        tester.admin().record(answer.headers().firstValue("x-penstock-request-id").orElseThrow());
    assertThat(limit).isBetween(900L, 1000L);
    assertThat(record.path("tokens").path("output").asLong()).isEqualTo(limit);
    assertThat(record.path("costNanoUsd").asLong()).isLessThanOrEqualTo(10_000_000);
  }

  private ApplicationPlan plan(String script, String budget) {
    return tester.application().upstream(script).maxOutput(100_000).budget(budget);
  }

  private JsonNode window(Application application) {
    return tester
        .admin()
        .get("tenants/%s/budgets/month/windows".formatted(application.tenant()))
        .path("items")
        .path(0);
  }

  private void amount(Application application, String usd) {
    tester
        .admin()
        .apply(
            """
            apiVersion: penstock.dev/v1
            kind: Budget
            metadata: { tenant: %s, name: month }
            spec:
              scope: {}
              amount: "%s"
              window: { every: month, timeZone: UTC }
              mode: strict
            """
                .formatted(application.tenant(), usd));
  }
}
