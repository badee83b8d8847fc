package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Books;
import dev.penstock.it.kit.Canaries;
import dev.penstock.it.kit.Load;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.RawStream;
import dev.penstock.it.kit.RawStream.Transport;
import dev.penstock.it.kit.SharedStack;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A provider's credential is replaced while it is in use, and no client notices. */
@ExtendWith(SharedStack.class)
class ProviderSecretRotationTest {
  private static final String SECRET = "tenants/acme/secrets/rotating";
  private static final String OLD = "sk-old-credential-of-the-rotation-test";
  private static final String NEW = "sk-new-credential-of-the-rotation-test";

  /** Far more than the buffers between a provider and a client that does not read. */
  private static final String FOUR_MEGABYTES = "sim-n2000-b2000-d0-t0-g50";

  private static final int AT_ONCE = 5;
  private static final int SOME = 20;

  private final PenstockTester tester;

  ProviderSecretRotationTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void failsNoRequestAndUsesTheNewOneOnceEveryNodeHasAcknowledgedIt() throws Exception {
    // Given
    String others = tester.secret("simulator-key");
    tester.simulator().accept(others, OLD, NEW);
    tester.admin().applyEverywhere(providers());
    Application application =
        tester.application().from("rotating").upstream("sim-n20-b24-d5000-t0-g1").create();
    Application slow = tester.application().from("rotating").upstream(FOUR_MEGABYTES).create();
    List<HttpResponse<String>> before = new ArrayList<>();
    List<HttpResponse<String>> after = new ArrayList<>();

    try (Load eu = Load.steady(application, AT_ONCE);
        Load us = Load.steady(application.at(tester.gateway("us-east")), AT_ONCE);
        RawStream running = RawStream.open(slow, Transport.SSE)) {
      eu.awaitAnswers(SOME);
      us.awaitAnswers(SOME);

      // When
      tester.admin().awaitRevision(tester.admin().replace(SECRET, secret(NEW)));
      try (Load laterEu = Load.steady(application, AT_ONCE);
          Load laterUs = Load.steady(application.at(tester.gateway("us-east")), AT_ONCE)) {
        before.addAll(eu.answers());
        before.addAll(us.answers());
        tester.simulator().accept(others, NEW);
        laterEu.awaitAnswers(laterEu.answered() + SOME);
        laterUs.awaitAnswers(laterUs.answered() + SOME);
        after.addAll(laterEu.answers());
        after.addAll(laterUs.answers());
      }

      // Then: also what had begun with the old one is served to its end
      assertThat(outcome(FOUR_MEGABYTES)).isEqualTo("open");
      assertThat(new String(running.chunked().readAllBytes(), StandardCharsets.UTF_8))
          .endsWith("data: [DONE]\n\n");
    }
    Books.assertAllServed(before);
    Books.assertAllServed(after);
    List<HttpResponse<String>> all = new ArrayList<>(before);
    all.addAll(after);
    new Books(tester).assertRecordedOnce(application, all.stream().map(Books::requestId).toList());
    int old = Collections.min(versions(application, before));
    assertThat(versions(application, after)).containsExactly(old + 1);
  }

  @Test
  void leavesNeitherCredentialOnANodesDisk() throws IOException {
    // Given
    tester.simulator().accept(tester.secret("simulator-key"), OLD, NEW);
    tester.admin().applyEverywhere(providers());
    Application application = tester.application().from("rotating").create();
    Books.assertAllServed(List.of(application.stream()));

    // When
    tester.admin().awaitRevision(tester.admin().replace(SECRET, secret(NEW)));
    Books.assertAllServed(List.of(application.stream()));

    // Then
    Path nodes = tester.installation().state().resolve("nodes");
    assertThat(Canaries.foundIn(nodes, Set.of(PenstockTester.EU_NODE))).isNotEmpty();
    assertThat(Canaries.foundIn(nodes, Set.of(OLD, NEW))).isEmpty();
  }

  /** What the simulator says of the only call for a model. */
  private String outcome(String model) {
    List<JsonNode> calls = tester.simulator().calls(model, 0);
    assertThat(calls).hasSize(1);
    return calls.getFirst().path("outcome").asText();
  }

  /** Which versions of the credential these requests have used, by their records. */
  private Set<Integer> versions(Application application, List<HttpResponse<String>> answers) {
    Map<String, Integer> byRequest =
        tester.admin().records(application.tenant()).stream()
            .collect(
                Collectors.toMap(
                    record -> record.path("id").asText(),
                    record -> record.path("credential").path("version").asInt()));
    return answers.stream()
        .map(answer -> byRequest.get(Books.requestId(answer)))
        .collect(Collectors.toSet());
  }

  private String providers() {
    return secret(OLD) + provider("eu", "eu-west") + provider("us", "us-east");
  }

  private static String secret(String value) {
    Canaries.plant(value);
    return """
    {"apiVersion": "penstock.dev/v1", "kind": "Secret",
     "metadata": {"tenant": "acme", "name": "rotating"},
     "spec": {"regions": ["eu-west", "us-east"], "value": {"literal": "%s"}}}
    """
        .formatted(value);
  }

  private String provider(String name, String region) {
    return """
    ---
    apiVersion: penstock.dev/v1
    kind: Provider
    metadata: { name: rotating-%s }
    spec:
      protocol: openai
      baseUrl: %s/v1
      region: %s
      secret: { tenant: acme, name: rotating }
    """
        .formatted(name, tester.environment().get("PENSTOCK_SIMULATOR_URL"), region);
  }
}
