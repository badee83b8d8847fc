package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.process.ManagedProcess;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Books;
import dev.penstock.it.kit.Canaries;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Nothing secret has been left anywhere by all the tests before this one: no prompt, no answer, no
 * key, no credential.
 */
@ExtendWith(SharedStack.class)
@Order(Integer.MAX_VALUE)
@Isolated
class SecrecyTest {
  private final PenstockTester tester;

  SecrecyTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void keepsPromptsAnswersKeysAndCredentialsOutOfLogsAndDataAndAnswers() throws IOException {
    // Given: the secrets of every test before, and once more each way to go wrong
    Application application = planted();
    application.stream();
    application.withKey(Canaries.unknownKey()).stream();
    application.post("{\"model\":\"" + Canaries.PROMPT + "\",");
    application.post(
        "{\"model\":\"" + application.model() + "\",\"messages\":\"" + Canaries.PROMPT + "\"}");
    tester.admin().refusal(application.tenant(), "invalid_request");
    guarded();
    Set<String> secrets = Canaries.all();
    Set<String> guarded = Set.of(Canaries.TERM);

    // When
    List<String> found = new ArrayList<>();
    for (PenstockTester each : PenstockTester.running()) {
      Path state = each.installation().state();
      found.addAll(Canaries.foundIn(state.resolve("logs"), secrets));
      found.addAll(Canaries.foundIn(state.resolve("nodes"), secrets));
      searchDatabase(found, secrets, each);
      searchAnswers(found, secrets, each);
      found.addAll(Canaries.foundIn(state.resolve("logs"), guarded));
      found.addAll(Canaries.foundIn(state.resolve("nodes"), guarded));
      searchAnswers(found, guarded, each);
    }

    // Then
    assertThat(secrets).hasSizeGreaterThan(5);
    assertThat(found).isEmpty();
  }

  /** What guards look for and what they find, with each of the things that become of it. */
  private void guarded() {
    String detectors =
        "[{ type: pii, entities: [email], action: %s }, { type: terms, terms: [%s], action: %s }]";
    String prompt = "%s and %s".formatted(Canaries.ADDRESS, Canaries.TERM);
    tester
        .simulator()
        .script(
            "sim-guarded-canary",
            "{\"steps\":[{\"say\":\"%s\",\"piece\":5},{\"finish\":\"stop\"}]}".formatted(prompt));
    for (String actions : List.of("block flag", "redact redact", "flag block")) {
      String[] each = actions.split(" ", -1);
      String guard = detectors.formatted(each[0], Canaries.TERM, each[1]);
      Application asking = tester.application().guard(guard).create();
      HttpResponse<String> asked =
          asking.post(asking.body("\"user\":\"%s\"".formatted(prompt), prompt));
      assertThat(decisions(asked)).contains("email: ", "terms[0]: ");
      HttpResponse<String> answered =
          tester
              .application()
              .guard(guard)
              .onAnswers()
              .upstream("sim-guarded-canary")
              .create()
              .stream();
      assertThat(decisions(answered)).contains("answer: guard");
    }
    Application named =
        tester.application().guard(detectors.formatted("redact", "x", "flag")).create();
    HttpResponse<String> refused =
        named.post(named.body("\"metadata\":{\"%s\":1}".formatted(Canaries.ADDRESS)));
    assertThat(refused.body()).contains("guard_blocked");
  }

  private String decisions(HttpResponse<String> answer) {
    return tester.admin().record(Books.requestId(answer)).path("decisions").toString();
  }

  /** An application whose provider answers with a canary. */
  private Application planted() {
    tester
        .simulator()
        .script(
            "sim-canary",
            """
            {"steps": [
              {"event": {"choices": [{"index": 0, "delta": {"content": "%s"}, "finish_reason": null}]}},
              {"finish": "stop", "usage": true, "done": true}]}
            """
                .formatted(Canaries.ANSWER));
    Application application = tester.application().upstream("sim-canary").create();
    assertThat(application.stream().body()).contains(Canaries.ANSWER);
    return application;
  }

  /** Rows as text: in it stand texts as they are, JSON too, and bytes in hexadecimal digits. */
  private static void searchDatabase(
      List<String> found, Set<String> secrets, PenstockTester tester) {
    List<String> tables = tester.database().tables();
    assertThat(tables).hasSizeGreaterThan(10);
    for (String table : tables) {
      String rows =
          String.join("\n", tester.database().texts("SELECT t::text FROM " + table + " t"));
      for (String secret : secrets) {
        if (rows.contains(secret) || rows.contains(hex(secret))) {
          found.add(table + " holds " + secret);
        }
      }
    }
  }

  private static void searchAnswers(
      List<String> found, Set<String> secrets, PenstockTester tester) {
    List<String> answers = new ArrayList<>();
    answers.add(tester.admin().get("requests?limit=1000").toString());
    answers.add(tester.admin().get("nodes").toString());
    answers.add(tester.admin().get("revisions?limit=1000").toString());
    for (String kind : List.of("tenants", "providers", "models")) {
      JsonNode manifests = tester.admin().get(kind + "?limit=1000");
      answers.add(manifests.toString());
    }
    answers.add(tester.admin().get("tenants/acme/secrets").toString());
    for (JsonNode tenant : tester.admin().get("tenants?limit=1000").path("items")) {
      String name = tenant.at("/metadata/name").asText();
      answers.add(tester.admin().get("tenants/%s/effective-policy".formatted(name)).toString());
    }
    answers.add(tester.admin().get("audit-events?limit=1000").toString());
    List<String> measured =
        List.of(PenstockTester.EU_NODE, PenstockTester.US_NODE, "control-plane");
    tester.processes().stream()
        .map(ManagedProcess::name)
        .filter(measured::contains) // not every installation has a node in each region
        .forEach(name -> answers.add(tester.metrics(name)));
    for (String answer : answers) {
      secrets.stream()
          .filter(answer::contains)
          .forEach(secret -> found.add("an answer holds " + secret));
    }
  }

  private static String hex(String text) {
    return java.util.HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
