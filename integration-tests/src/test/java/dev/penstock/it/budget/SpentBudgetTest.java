package dev.penstock.it.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Canaries;
import dev.penstock.it.kit.Json;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A budget that has nothing left ends the spending, and says which budget it is. */
@ExtendWith(SharedStack.class)
class SpentBudgetTest {
  private final PenstockTester tester;

  SpentBudgetTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void refusesWhatWouldNotFitInTheBudget() {
    // Given
    Application application = tester.application().budget("0.0001").create();
    long mark = tester.simulator().mark();

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
    assertThat(answer.headers().firstValue("x-penstock-error-code")).contains("budget_exhausted");
    assertThat(answer.headers().firstValue("x-should-retry")).contains("false");
    JsonNode error = Json.parse(answer.body()).path("error");
    assertThat(error.path("type").asText()).isEqualTo("insufficient_quota");
    assertThat(error.path("code").asText()).isEqualTo("budget_exhausted");
    assertThat(error.path("message").asText()).contains(application.tenant()).contains("month");
    assertThat(tester.simulator().calls(application.upstreamModel(), mark)).isEmpty();
    JsonNode record =
        tester.admin().record(answer.headers().firstValue("x-penstock-request-id").orElseThrow());
    assertThat(record.path("outcome").asText()).isEqualTo("denied");
    assertThat(record.path("errorCode").asText()).isEqualTo("budget_exhausted");
    assertThat(record.path("policyRevision").asLong()).isPositive();
  }

  @Test
  void isSpentToTheLastRequestThatFitsAndNoFurther() {
    // Given: the worst case of one request is a little over a cent, its cost far below that
    Application application =
        tester.application().upstream("sim-n500-b8-d0-t0-g50").budget("0.05").create();
    long mark = tester.simulator().mark();

    // When
    int served = 0;
    HttpResponse<String> answer = application.stream();
    while (answer.statusCode() == 200 && served < 100) {
      served++;
      answer = application.stream();
    }

    // Then
    assertThat(answer.headers().firstValue("x-penstock-error-code")).contains("budget_exhausted");
    assertThat(served).isPositive();
    long invoiced = tester.simulator().billedNanoUsd(application.upstreamModel(), mark);
    assertThat(invoiced).isLessThanOrEqualTo(50_000_000);
    await()
        .untilAsserted(() -> {
          JsonNode window =
              tester
                  .admin()
                  .get("tenants/%s/budgets/month/windows".formatted(application.tenant()))
                  .path("items")
                  .path(0);
          assertThat(window.path("spent").asLong()).as(window.toString()).isEqualTo(invoiced);
          assertThat(window.path("overage").asLong()).isZero();
        });
  }

  @Test
  void isNotRetriedByTheOfficialSdk() {
    // Given
    Application application = tester.application().budget("0.0001").create();
    ChatCompletionCreateParams question =
        ChatCompletionCreateParams.builder()
            .model(application.model())
            .addUserMessage("hello, " + Canaries.PROMPT)
            .build();

    OpenAIClient client =
        OpenAIOkHttpClient.builder()
            .baseUrl(application.baseUrl())
            .apiKey(application.key())
            .build();

    // When
    RateLimitException refused =
        assertThrows(RateLimitException.class, () -> client.chat().completions().create(question));

    // Then
    assertThat(refused.code()).contains("budget_exhausted");
    tester.admin().refusal(application.tenant(), "budget_exhausted");
    assertThat(tester.admin().records(application.tenant())).hasSize(1);
  }
}
