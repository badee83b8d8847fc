package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.Books;
import dev.penstock.it.kit.Canaries;
import dev.penstock.it.kit.Json;
import dev.penstock.it.kit.Patience;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.SharedStack;
import dev.penstock.it.kit.SocketClient;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A guard that was applied through the admin API, at a real node: what becomes of requests, and
 * what can be read of it afterwards, where the text that was found never stands.
 */
@ExtendWith(SharedStack.class)
class GuardedExchangeTest {
  private static final String BLOCK = "[{ type: pii, entities: [email], action: block }]";
  private static final String REDACT = "[{ type: pii, entities: [email], action: redact }]";
  private static final String STREAM = "\"stream\":true";

  private final PenstockTester tester;

  GuardedExchangeTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void refusesAStreamThatIsBlocked() {
    // Given
    Application application = tester.application().guard(BLOCK).create();
    long mark = tester.simulator().mark();

    // When
    HttpResponse<String> answer = application.post(application.body(STREAM, letter()));

    // Then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).doesNotContain(Canaries.ADDRESS);
    assertBlocked(application, Json.parse(answer.body()).path("error"), Books.requestId(answer));
    assertThat(tester.simulator().calls(application.upstreamModel(), mark)).isEmpty();
    assertThat(application.stream().statusCode()).as("without an address").isEqualTo(200);
  }

  @Test
  void redactsAStreamBeforeTheProviderSeesIt() {
    // Given
    Application application = tester.application().guard(REDACT).create();
    long mark = tester.simulator().mark();

    // When
    HttpResponse<String> answer = application.post(application.body(STREAM, letter()));

    // Then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(asked(application, mark)).containsExactly("write to [EMAIL] today");
    JsonNode record = tester.admin().record(Books.requestId(answer));
    assertThat(record.path("outcome").asText()).isEqualTo("served");
    assertThat(screened(record))
        .containsExactly(
            "pass guard %s/g detectors[0] email: redact 1, the first at messages[0].content"
                .formatted(application.tenant()));
    assertThat(tester.metrics(PenstockTester.EU_NODE))
        .contains("penstock_guard_verdicts_total{action=\"redact\",detector=\"pii\"}");
  }

  @Test
  void blocksAndRedactsOnOneWebSocket() {
    // Given
    String both =
        "[{ type: pii, entities: [email], action: redact },"
            + " { type: terms, terms: [project osprey], action: block }]";
    Application application = tester.application().guard(both).create();
    long mark = tester.simulator().mark();

    // When
    JsonNode refused;
    JsonNode done;
    try (SocketClient socket = SocketClient.connect(application)) {
      socket.send(application.body("\"id\":1", "about Project Osprey"));
      refused = socket.next();
      socket.send(application.body("\"id\":2", letter()));
      done = socket.until(frame -> !frame.has("event")).getLast();
    }

    // Then
    assertThat(refused.path("id").asInt()).isEqualTo(1);
    assertBlocked(application, refused.path("error"), refused.path("request_id").asText());
    assertThat(done.path("done").asBoolean()).as(done.toString()).isTrue();
    assertThat(asked(application, mark)).containsExactly("write to [EMAIL] today");
    JsonNode record = tester.admin().record(done.path("request_id").asText());
    assertThat(record.path("transport").asText()).isEqualTo("websocket");
    assertThat(screened(record)).anyMatch(each -> each.contains("email: redact 1"));
  }

  @Test
  void flagsWhatGoesOn() {
    // Given
    String flag = "[{ type: pattern, pattern: 'heron-[0-9]+', action: flag }]";
    Application application = tester.application().guard(flag).create();

    // When
    HttpResponse<String> answer = application.stream();

    // Then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(screened(tester.admin().record(Books.requestId(answer))))
        .anyMatch(each -> each.contains("detectors[0] pattern: flag 1"));
  }

  @Test
  void saysInObserveModeWhatItWouldHaveDone() {
    // Given
    Application application = tester.application().observing().guard(BLOCK).create();
    long mark = tester.simulator().mark();

    // When
    HttpResponse<String> answer = application.post(application.body(STREAM, letter()));

    // Then
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(asked(application, mark)).containsExactly(letter());
    String id = Books.requestId(answer);
    JsonNode record = tester.admin().record(id);
    assertThat(screened(record))
        .containsExactly(
            "pass guard %s/g detectors[0] email: would block 1, the first at messages[0].content"
                .formatted(application.tenant()),
            "would_deny guard_blocked");
    assertThat(tester.admin().get("requests?wouldDeny=true&tenant=" + application.tenant()))
        .asString()
        .contains(id);
  }

  /** The find lies across the events of a stream, and a client joins what is left of them. */
  @Test
  void redactsAnAnswerOnItsWay() {
    // Given
    tester.simulator().script("sim-letter", says(letter()));
    Application application =
        tester.application().guard(REDACT).onAnswers().upstream("sim-letter").create();

    // When
    HttpResponse<String> streamed = application.post(application.body(STREAM));
    HttpResponse<String> whole = application.post(application.body("\"stream\":false"));

    // Then
    for (HttpResponse<String> answer : List.of(streamed, whole)) {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("[EMAIL]").doesNotContain("quail", "nobody-may");
      JsonNode record = tester.admin().record(Books.requestId(answer));
      assertThat(record.path("usageSource").asText()).isEqualTo("provider");
      assertThat(record.path("costNanoUsd").asLong()).isPositive();
      assertThat(screened(record))
          .anyMatch(each -> each.contains("answer: guard %s/g".formatted(application.tenant())))
          .anyMatch(each -> each.contains("email: redact 1, the first at choices."));
    }
  }

  @Test
  void endsAnAnswerThatIsBlockedAndChargesForIt() {
    // Given
    tester.simulator().script("sim-long-letter", says("All is well, she writes. " + letter()));
    Application application =
        tester.application().guard(BLOCK).onAnswers().upstream("sim-long-letter").create();

    // When
    HttpResponse<String> answer = application.post(application.body(STREAM));

    // Then
    assertThat(answer.statusCode()).as("the stream had begun").isEqualTo(200);
    assertThat(answer.body())
        .contains("All", "guard_blocked")
        .doesNotContain("quail", "nobody-may", "[DONE]");
    JsonNode record = tester.admin().record(Books.requestId(answer));
    assertThat(record.path("outcome").asText()).isEqualTo("denied");
    assertThat(record.path("errorCode").asText()).isEqualTo("guard_blocked");
    assertThat(record.path("costNanoUsd").asLong()).isPositive();
    denial(application.tenant(), Books.requestId(answer));
  }

  private static String says(String text) {
    return "{\"steps\":[{\"say\":\"%s\",\"piece\":4,\"every\":20000},{\"finish\":\"stop\"}]}"
        .formatted(text);
  }

  /** A change is in force as any other is, and an earlier request is told by its own policy. */
  @Test
  void takesUpAChangeOfTheGuard() {
    // Given
    Application application = tester.application().guard(BLOCK).create();
    assertThat(application.post(application.body(STREAM, letter())).statusCode()).isEqualTo(400);

    // When
    tester
        .admin()
        .applyEverywhere(
            """
            apiVersion: penstock.dev/v1
            kind: Guard
            metadata: { tenant: %s, name: g }
            spec: { on: [input], detectors: %s }
            """
                .formatted(application.tenant(), REDACT));

    // Then
    assertThat(application.post(application.body(STREAM, letter())).statusCode()).isEqualTo(200);
  }

  private static String letter() {
    return "write to " + Canaries.ADDRESS + " today";
  }

  /** The refusal names the place, and record and audit event say why; none of them what. */
  private void assertBlocked(Application application, JsonNode error, String requestId) {
    assertThat(error.path("code").asText()).as(error.toString()).isEqualTo("guard_blocked");
    assertThat(error.path("param").asText()).isEqualTo("messages[0].content");
    assertThat(error.path("message").asText())
        .contains("guard %s/g".formatted(application.tenant()));
    JsonNode record = tester.admin().record(requestId);
    assertThat(record.path("outcome").asText()).isEqualTo("denied");
    assertThat(record.path("errorCode").asText()).isEqualTo("guard_blocked");
    assertThat(record.path("costNanoUsd").asLong()).isZero();
    assertThat(screened(record))
        .anyMatch(each -> each.contains(": block 1, the first at messages[0].content"))
        .last()
        .isEqualTo("deny guard_blocked");
    JsonNode event = denial(application.tenant(), requestId);
    assertThat(event.path("action").asText()).isEqualTo("exchange.deny");
    assertThat(event.path("reason").asText()).isEqualTo("guard_blocked");
    assertThat(event.path("revision").asLong()).isEqualTo(record.path("policyRevision").asLong());
  }

  private JsonNode denial(String tenant, String requestId) {
    List<JsonNode> found = new ArrayList<>();
    await("the audit event of " + requestId)
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(() -> {
          found.clear();
          tester
              .admin()
              .get("audit-events?outcome=denied&tenant=" + tenant)
              .path("items")
              .forEach(found::add);
          found.removeIf(event -> !event.path("requestId").asText().equals(requestId));
          assertThat(found).hasSize(1);
        });
    return found.getFirst();
  }

  /** What the provider was asked, call by call. */
  private List<String> asked(Application application, long mark) {
    return tester.simulator().calls(application.upstreamModel(), mark).stream()
        .map(call -> Json.parse(call.path("body").asText()))
        .map(body -> body.at("/messages/0/content").asText())
        .toList();
  }

  /** Verdicts and reasons of the step, in order. */
  private static List<String> screened(JsonNode record) {
    List<String> screened = new ArrayList<>();
    for (JsonNode each : record.path("decisions")) {
      if (each.path("step").asText().equals("screen")) {
        screened.add(each.path("verdict").asText() + " " + each.path("reason").asText());
      }
    }
    return screened;
  }
}
