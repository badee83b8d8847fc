package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Canaries;
import dev.penstock.it.kit.Json;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every no of the gateway: in the shape that OpenAI's SDKs read, with a stable code and a sentence,
 * and recorded with its reason and the policy that was in force.
 */
@ExtendWith(SharedStack.class)
class DenialTest {
  private static final int LARGEST_BODY = 16 * 1024 * 1024;

  private final PenstockTester tester;

  DenialTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void refusesAModelOutsideTheAllowList() {
    // Given
    Application application = tester.application().create();

    // When
    HttpResponse<String> answer = application.asking("copilot").stream();

    // Then
    JsonNode record = assertDenied(answer, 403, "model_not_allowed", "admit");
    assertThat(record.path("tenant").asText()).isEqualTo(application.tenant());
    assertThat(record.path("modelAsked").asText()).isEqualTo("copilot");
  }

  @Test
  void refusesAModelThatDoesNotExist() {
    // Given
    Application application = tester.application().create();

    // When
    HttpResponse<String> answer = application.asking("unheard-of").stream();

    // Then
    assertDenied(answer, 404, "model_not_found", "admit");
  }

  @Test
  void refusesANodeOutsideTheResidency() {
    // Given
    Application application = tester.application().at("us-east").residency("eu-west").create();
    long mark = tester.simulator().mark();

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertDenied(answer, 403, "residency_denied", "admit");
    assertThat(tester.simulator().calls(application.upstreamModel(), mark)).isEmpty();
  }

  @Test
  void refusesAModelWhoseProvidersAreAllOutsideTheResidency() {
    // Given
    Application application =
        tester.application().residency("eu-west").deployedIn("us-east").create();
    long mark = tester.simulator().mark();

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertDenied(answer, 403, "residency_denied", "admit");
    assertThat(tester.simulator().calls(application.upstreamModel(), mark)).isEmpty();
  }

  @Test
  void refusesAKeyThatNobodyIssued() {
    // Given
    Application application = tester.application().create().withKey(Canaries.unknownKey());

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertDenied(answer, 401, "invalid_api_key", "identify");
  }

  @Test
  void refusesWhatIsNoKeyAtAll() {
    // Given
    Canaries.plant("sk-not-a-key-of-penstock-77f1");
    Application application =
        tester.application().create().withKey("sk-not-a-key-of-penstock-77f1");

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertDenied(answer, 401, "invalid_api_key", "identify");
  }

  @Test
  void refusesARevokedKey() {
    // Given
    Application application = tester.application().create();
    assertThat(application.stream().statusCode()).isEqualTo(200);
    HttpResponse<String> revoked =
        tester.admin().delete("tenants/%s/api-keys/app".formatted(application.tenant()));
    assertThat(revoked.statusCode()).as(revoked.body()).isEqualTo(204);
    tester
        .admin()
        .awaitRevision(revoked.headers().firstValueAsLong("x-penstock-revision").orElseThrow());

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    JsonNode record = assertDenied(answer, 401, "key_revoked", "identify");
    assertThat(record.path("tenant").asText()).isEqualTo(application.tenant());
  }

  @Test
  void refusesAnExpiredKey() {
    // Given
    Application application =
        tester.application().key("{ expiresAt: 2026-01-02T00:00:00Z }").create();

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertDenied(answer, 401, "key_expired", "identify");
  }

  @Test
  void refusesAModelThatTheKeyIsNotFor() {
    // Given
    Application application =
        tester.application().alsoAllowed("assistant").key("{ models: [assistant] }").create();

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertDenied(answer, 403, "model_not_allowed", "admit");
  }

  @Test
  void refusesABodyThatIsTooLarge() {
    // Given
    Application application = tester.application().create();
    String padding = "x".repeat(LARGEST_BODY);

    // When
    HttpResponse<String> answer =
        application.post(application.body("\"user\":\"" + padding + "\""));

    // Then
    assertDenied(answer, 413, "request_too_large", "arrive");
  }

  @Test
  void refusesABodyThatIsNoJson() {
    // Given
    Application application = tester.application().create();

    // When
    HttpResponse<String> answer = application.post("{\"model\":");

    // Then
    assertDenied(answer, 400, "invalid_request", "admit");
  }

  @Test
  void namesTheFieldThatIsMissing() {
    // Given
    Application application = tester.application().create();

    // When
    HttpResponse<String> answer =
        application.post("{\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}");

    // Then
    assertDenied(answer, 400, "invalid_request", "admit");
    assertThat(Json.parse(answer.body()).path("error").path("param").asText()).isEqualTo("model");
  }

  @Test
  void refusesAPathThatIsNotServed() {
    // Given
    Application application = tester.application().create();

    // When
    HttpResponse<String> answer = application.get("/v1/unheard-of");

    // Then
    assertDenied(answer, 404, "not_found", "arrive");
  }

  private JsonNode assertDenied(HttpResponse<String> answer, int status, String code, String step) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("x-penstock-error-code")).contains(code);
    String id = answer.headers().firstValue("x-penstock-request-id").orElseThrow();
    JsonNode error = Json.parse(answer.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("type").asText()).isNotEmpty();
    assertThat(error.path("message").asText()).contains(" ").contains(id);
    assertThat(error.has("param")).isTrue();

    JsonNode record = tester.admin().record(id);
    assertThat(record.path("outcome").asText()).isEqualTo("denied");
    assertThat(record.path("errorCode").asText()).isEqualTo(code);
    assertThat(record.path("costNanoUsd").asLong()).isZero();
    JsonNode last = record.path("decisions").path(record.path("decisions").size() - 1);
    assertThat(last.path("step").asText()).as(record.toString()).isEqualTo(step);
    assertThat(last.path("verdict").asText()).isEqualTo("deny");
    assertThat(last.path("reason").asText()).isNotEmpty();
    if (!step.equals("arrive")) {
      assertThat(record.path("policyRevision").asLong()).isPositive();
    }
    return record;
  }
}
