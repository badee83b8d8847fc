package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Books;
import dev.penstock.it.kit.Json;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A tenant that is put in HIPAA mode through the admin API, at a real node: each condition that is
 * not met, by its name, and the request that is served when all are.
 */
@ExtendWith(SharedStack.class)
class HipaaModeTest {

  private final PenstockTester tester;

  HipaaModeTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void refusesATenantWithoutGuards() {
    // Given
    Application application = covered();
    apply(policy(application, "enforce", "[]"));

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertRefused(application, answer, 400, "guard_blocked", "no enforced guard on input, output");
  }

  @Test
  void refusesATenantWhoseAnswersNoGuardSearches() {
    // Given
    Application application = covered();
    apply(guard(application, "[input]") + policy(application, "enforce", "[g]"));

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertRefused(application, answer, 400, "guard_blocked", "no enforced guard on output");
  }

  @Test
  void isNotSoftenedByObserving() {
    // Given
    Application application = covered();
    apply(guard(application, "[input, output]") + policy(application, "observe", "[g]"));

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertRefused(application, answer, 400, "guard_blocked", "no enforced guard on input, output");
  }

  @Test
  void refusesAModelOfProvidersWithoutAnAgreement() {
    // Given
    Application application = tester.application().create();
    apply(guard(application, "[input, output]") + policy(application, "enforce", "[g]"));

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertRefused(
        application,
        answer,
        403,
        "model_not_allowed",
        "no provider of the model has the compliance hipaa-baa");
  }

  @Test
  void servesByProvidersWithAnAgreementAlone() {
    // Given
    Application application = covered();
    apply(guard(application, "[input, output]") + policy(application, "enforce", "[g]"));

    for (int i = 0; i < 4; i++) {
      // When
      HttpResponse<String> answer = application.stream();

      // Then
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      JsonNode record = tester.admin().record(Books.requestId(answer));
      assertThat(record.path("outcome").asText()).isEqualTo("served");
      assertThat(record.path("provider").asText()).isEqualTo("covered-eu");
      assertThat(reasons(record))
          .anyMatch(each ->
              each.contains("1 deployment of %s".formatted(application.model()))
                  && each.contains("hipaa: providers with hipaa-baa"));
    }
    JsonNode shown =
        tester.admin().get("tenants/%s/effective-policy".formatted(application.tenant()));
    assertThat(shown.at("/hipaa/value").asBoolean()).isTrue();
    assertThat(shown.at("/hipaa/from/0/tenant").asText()).isEqualTo(application.tenant());
    assertThat(shown.at("/hipaa/unguarded").isMissingNode()).isTrue();
    assertThat(shown.at("/maxStaleness/value").asText()).isEqualTo("15m");
  }

  /** Of its model there is a deployment at a provider with an agreement, beside those without. */
  private Application covered() {
    Application application = tester.application().create();
    apply(
        """
        apiVersion: penstock.dev/v1
        kind: Provider
        metadata: { name: covered-eu }
        spec:
          protocol: openai
          baseUrl: %1$s/v1
          region: eu-west
          secret: { tenant: acme, name: openai-eu }
          compliance: [hipaa-baa]
        ---
        apiVersion: penstock.dev/v1
        kind: Model
        metadata: { name: %2$s }
        spec:
          contextTokens: 128000
          maxOutputTokens: 1000
          prices:
            - validFrom: 2026-01-01T00:00:00Z
              perMillionTokens: { input: "2.50", cacheRead: "1.25", output: "10.00" }
          deployments:
            - { name: %2$s-eu-west, provider: openai-eu, upstreamModel: %3$s, weight: 100 }
            - { name: %2$s-covered, provider: covered-eu, upstreamModel: %3$s, weight: 1 }
        """
            .formatted(
                tester.environment().get("PENSTOCK_SIMULATOR_URL"),
                application.model(),
                application.upstreamModel()));
    return application;
  }

  private void apply(String manifests) {
    tester.admin().applyEverywhere(manifests);
  }

  private static String guard(Application application, String on) {
    return """
    apiVersion: penstock.dev/v1
    kind: Guard
    metadata: { tenant: %s, name: g }
    spec: { on: %s, detectors: [{ type: secrets, action: block }] }
    ---
    """
        .formatted(application.tenant(), on);
  }

  private static String policy(Application application, String mode, String guards) {
    return """
    apiVersion: penstock.dev/v1
    kind: Policy
    metadata: { tenant: %s, name: default }
    spec: { hipaa: true, mode: %s, models: { allow: [%s] }, guards: %s }
    """
        .formatted(application.tenant(), mode, application.model(), guards);
  }

  private void assertRefused(
      Application application,
      HttpResponse<String> answer,
      int status,
      String code,
      String condition) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonNode error = Json.parse(answer.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo(code);
    assertThat(error.path("message").asText()).contains("HIPAA mode");
    JsonNode record = tester.admin().record(Books.requestId(answer));
    assertThat(record.path("outcome").asText()).isEqualTo("denied");
    assertThat(record.path("errorCode").asText()).isEqualTo(code);
    assertThat(record.path("costNanoUsd").asLong()).isZero();
    assertThat(record.path("attempts")).isEmpty();
    assertThat(reasons(record)).last().isEqualTo(code + ": hipaa: " + condition);
    assertThat(record.path("tenant").asText()).isEqualTo(application.tenant());
  }

  private static List<String> reasons(JsonNode record) {
    List<String> reasons = new ArrayList<>();
    record.path("decisions").forEach(each -> reasons.add(each.path("reason").asText()));
    return reasons;
  }
}
