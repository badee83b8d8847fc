package dev.penstock.it.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;

/** Compares what the control plane has in its books with what happened. */
public final class Books {

  private final PenstockTester tester;

  public Books(PenstockTester tester) {
    this.tester = tester;
  }

  public static String requestId(HttpResponse<?> answer) {
    return answer.headers().firstValue("x-penstock-request-id").orElseThrow();
  }

  /** Every answer is a whole stream. */
  public static void assertAllServed(List<HttpResponse<String>> answers) {
    assertThat(answers)
        .allSatisfy(answer -> {
          assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
          assertThat(answer.body()).endsWith("data: [DONE]\n\n");
        });
  }

  /** The records of a tenant are those of these requests, each once; waits until they are there. */
  public void assertRecordedOnce(Application application, List<String> requestIds) {
    await()
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(() ->
            assertThat(recordedIds(application)).hasSizeGreaterThanOrEqualTo(requestIds.size()));
    assertThat(recordedIds(application)).containsExactlyInAnyOrderElementsOf(requestIds);
  }

  /** What the tenant is said to have spent, everywhere where it is said. */
  public void assertSpent(Application application, long nanoUsd) {
    assertThat(
            tester.admin().records(application.tenant()).stream()
                .mapToLong(record -> record.path("costNanoUsd").asLong())
                .sum())
        .as("sum of the records")
        .isEqualTo(nanoUsd);
    assertThat(spend(application)).as("spend").isEqualTo(nanoUsd);
    assertThat(window(application).path("spent").asLong()).as("budget").isEqualTo(nanoUsd);
  }

  private List<String> recordedIds(Application application) {
    return tester.admin().records(application.tenant()).stream()
        .map(record -> record.path("id").asText())
        .toList();
  }

  private long spend(Application application) {
    for (JsonNode row : tester.admin().get("spend?groupBy=tenant").path("items")) {
      if (row.path("tenant").asText().equals(application.tenant())) {
        return row.path("costNanoUsd").asLong();
      }
    }
    return 0;
  }

  private JsonNode window(Application application) {
    return tester
        .admin()
        .get("tenants/%s/budgets/month/windows".formatted(application.tenant()))
        .path("items")
        .path(0);
  }
}
