package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.OnFailure;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.guard.Side;
import dev.penstock.proto.usage.v1.Decision;
import dev.penstock.proto.usage.v1.RequestRecord;
import io.vertx.core.http.HttpServerResponse;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a request on which an external guard is asked. */
class ExternalGuardTest {

  private static final String CANARY = "canary-prompt";
  private static final Duration PATIENT = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(400);

  private final NodeTester node = new NodeTester();
  private final PlayedGuard guard = new PlayedGuard();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    await().untilAsserted(() -> assertThat(node.parts.externalPlaces().open()).isZero());
    assertThat(node.spool.records().toString()).doesNotContain(CANARY);
    assertThat(node.meters.getMeters().toString()).doesNotContain(CANARY);
    node.close();
    guard.close();
  }

  private Detector http(OnFailure onFailure, Action action) {
    return http(guard.url(), PATIENT, onFailure, 16, action);
  }

  private static Detector http(
      String url, Duration timeout, OnFailure onFailure, int maxConcurrent, Action action) {
    return new Detector.Http(url, timeout, onFailure, maxConcurrent, action);
  }

  private void guardedBy(Detector... detectors) {
    guardedBy(false, detectors);
  }

  private void guardedBy(boolean observed, Detector... detectors) {
    node.model("assistant", "sim-n1").guard("acme", "x", observed, detectors).publish();
  }

  @Test
  void asksWhetherARequestMayPass() throws Exception {
    guardedBy(http(OnFailure.BLOCK, Action.BLOCK));

    HttpResponse<String> served = ask("caf\\u00e9 " + CANARY);

    assertThat(served.statusCode()).as(served.body()).isEqualTo(200);
    RequestRecord record = node.onlyRecord();
    PlayedGuard.Question question = guard.onlyQuestion();
    assertThat(question.method()).isEqualTo("POST");
    assertThat(question.uri()).isEqualTo("/v1/check");
    assertThat(question.headers())
        .containsEntry("content-type", "application/json")
        .doesNotContainKeys("authorization", "cookie");
    assertThat(question.body())
        .startsWith(
            "{\"requestId\":\"%s\",\"tenant\":\"acme\",\"model\":\"assistant\",\"texts\":["
                .formatted(record.getId()))
        .contains("{\"place\":\"messages[0].content\",\"text\":\"café " + CANARY + "\"}")
        .doesNotContain(node.key());
    assertThat(Screened.passed(record)).containsExactly("guard acme/x detectors[0] http: pass");
    assertThat(node.meters.find("penstock.guard.verdicts").counters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"toxicity", "A-1"})
  void refusesByItsVerdict(String rule) throws Exception {
    guardedBy(http(OnFailure.ALLOW, Action.BLOCK));
    guard.says("{\"verdict\":\"found\",\"rule\":\"" + rule + "\"}");

    HttpResponse<String> refused = ask(CANARY);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("guard_blocked", "acme/x", rule).doesNotContain(CANARY);
    assertThat(Screened.passed(node.onlyRecord()))
        .containsExactly(
            "guard acme/x detectors[0] " + rule + ": block, as the external guard says");
    assertThat(node.onlyRecord().getErrorCode()).isEqualTo("guard_blocked");
    assertThat(verdicts("block")).isEqualTo(1);
    assertThat(Screened.invoice(node)).doesNotContain("\"path\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"canary-prompt said it", "\\u00e4", "", "a.b", "<x>"})
  void ignoresAWordThatMayBeAText(String rule) throws Exception {
    guardedBy(http(OnFailure.ALLOW, Action.FLAG));
    guard.says("{\"verdict\":\"found\",\"rule\":\"" + rule + "\"}");

    assertThat(ask(CANARY).statusCode()).isEqualTo(200);

    assertThat(Screened.passed(node.onlyRecord()))
        .containsExactly("guard acme/x detectors[0] http: flag, as the external guard says");
    assertThat(verdicts("flag")).isEqualTo(1);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        failure("status 503", response -> response.setStatusCode(503).end(PlayedGuard.PASS)),
        failure("status 204", response -> response.setStatusCode(204).end()),
        failure(
            "status 302",
            response -> response.setStatusCode(302).putHeader("location", "/v1/other").end()),
        failure("malformed answer", response -> response.end("pass " + CANARY)),
        failure("malformed answer", response -> response.end()),
        failure("malformed answer", response -> response.end("[]")),
        failure("malformed answer", response -> response.end("{\"verdict\":\"Pass\"}")),
        failure("malformed answer", response -> response.end("{\"verdict\":true}")),
        failure(
            "malformed answer",
            response -> response.end("{\"verdict\":\"found\",\"verdict\":\"pass\"}")),
        failure("malformed answer", response -> response.end(PlayedGuard.PASS + "{}")),
        failure(
            "answer too large", response -> response.end(PlayedGuard.PASS + " ".repeat(64 * 1024))),
        failure("connection cut", response -> response.reset()),
        failure(
            "connection cut",
            response ->
                response
                    .setChunked(true)
                    .write("{\"verdict\":")
                    .onComplete(written -> response.reset())),
        failure("timeout", response -> {}),
        failure("timeout", response -> response.setChunked(true).write("{\"verdict\":")));
  }

  private static Arguments failure(String why, Consumer<HttpServerResponse> plays) {
    return Arguments.of(why, plays);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void refusesWithoutAVerdict(String why, Consumer<HttpServerResponse> plays) throws Exception {
    guardedBy(http(guard.url(), timeout(why), OnFailure.BLOCK, 16, Action.FLAG));
    guard.plays(plays);

    HttpResponse<String> refused = ask(CANARY);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.body())
        .contains("guard_blocked", "gave no verdict", "acme/x")
        .doesNotContain(CANARY);
    assertThat(Screened.passed(node.onlyRecord()))
        .containsExactly("guard acme/x detectors[0] http: no verdict (" + why + "), block");
    assertThat(verdicts("no_verdict")).isEqualTo(1);
    assertThat(Screened.invoice(node)).doesNotContain("\"path\"");
  }

  @ParameterizedTest
  @MethodSource("failures")
  void goesOnWithoutAVerdictWhereItMay(String why, Consumer<HttpServerResponse> plays)
      throws Exception {
    guardedBy(http(guard.url(), timeout(why), OnFailure.ALLOW, 16, Action.BLOCK));
    guard.plays(plays);

    HttpResponse<String> served = ask(CANARY);

    assertThat(served.statusCode()).as(served.body()).isEqualTo(200);
    assertThat(Screened.passed(node.onlyRecord()))
        .containsExactly("guard acme/x detectors[0] http: no verdict (" + why + "), goes on");
    assertThat(verdicts("no_verdict")).isEqualTo(1);
  }

  private static Duration timeout(String why) {
    return why.equals("timeout") ? SHORT : PATIENT;
  }

  @Test
  void hasNoVerdictWhereNobodyListens() throws Exception {
    PlayedGuard gone = new PlayedGuard();
    gone.close();
    guardedBy(http(gone.url(), PATIENT, OnFailure.BLOCK, 16, Action.BLOCK));

    assertThat(ask(CANARY).statusCode()).isEqualTo(400);

    assertThat(Screened.passed(node.onlyRecord()))
        .containsExactly("guard acme/x detectors[0] http: no verdict (no connection), block");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://10.1.2.3/check",
        "http://10.1.2.3/check",
        "http://169.254.169.254/latest",
        "https://[::1]/check",
        "http://1.1.1.1/check"
      })
  void connectsToNoAddressThatAProviderCouldNotHave(String url) throws Exception {
    guardedBy(http(url, PATIENT, OnFailure.BLOCK, 16, Action.BLOCK));

    assertThat(ask(CANARY).statusCode()).isEqualTo(400);

    assertThat(Screened.passed(node.onlyRecord()))
        .containsExactly("guard acme/x detectors[0] http: no verdict (forbidden address), block");
  }

  @Test
  void asksAgainWhereAKeptConnectionHasBeenClosed() throws Exception {
    guardedBy(http(OnFailure.BLOCK, Action.BLOCK));
    guard.plays(response -> {
      if (guard.questions.size() == 1) {
        response.reset();
      } else {
        response.end(PlayedGuard.PASS);
      }
    });

    assertThat(ask(CANARY).statusCode()).isEqualTo(200);

    assertThat(guard.questions).hasSize(2);
  }

  @Test
  void recordsWhatAnObservedGuardWouldDo() throws Exception {
    guardedBy(true, http(OnFailure.BLOCK, Action.BLOCK));
    guard.says("{\"verdict\":\"found\",\"rule\":\"toxicity\"}");

    assertThat(ask(CANARY).statusCode()).isEqualTo(200);

    RequestRecord record = node.onlyRecord();
    assertThat(Screened.passed(record))
        .containsExactly(
            "guard acme/x detectors[0] toxicity: would block, as the external guard says");
    assertWouldDeny(record);
    assertThat(verdicts("would_block")).isEqualTo(1);
  }

  @Test
  void recordsThatAnObservedGuardWouldRefuseWithoutAVerdict() throws Exception {
    guardedBy(true, http(OnFailure.BLOCK, Action.BLOCK));
    guard.says("{}");

    assertThat(ask(CANARY).statusCode()).isEqualTo(200);

    RequestRecord record = node.onlyRecord();
    assertThat(Screened.passed(record))
        .containsExactly(
            "guard acme/x detectors[0] http: no verdict (malformed answer), would block");
    assertWouldDeny(record);
  }

  private static void assertWouldDeny(RequestRecord record) {
    assertThat(record.getDecisionsList())
        .filteredOn(each -> each.getVerdict().equals("would_deny"))
        .extracting(Decision::getReason)
        .containsExactly("guard_blocked");
  }

  @Test
  void getsWhatIsLeftAfterRedaction() throws Exception {
    guardedBy(
        new Detector.Pii(List.of(PiiEntity.EMAIL), Action.REDACT),
        http(OnFailure.BLOCK, Action.BLOCK));

    assertThat(ask("\\u00e9 bob@acme.example, ann@acme.example!").statusCode()).isEqualTo(200);

    assertThat(guard.onlyQuestion().body())
        .contains("\"text\":\"é [EMAIL], [EMAIL]!\"")
        .doesNotContain("acme.example");
    assertThat(Screened.invoice(node)).contains("[EMAIL], [EMAIL]!");
  }

  @Test
  void isNotAskedAboutWhatIsRefusedAnyway() throws Exception {
    guardedBy(
        http(OnFailure.BLOCK, Action.BLOCK),
        new Detector.Terms(List.of("project falcon"), Action.BLOCK));

    assertThat(ask("project falcon").statusCode()).isEqualTo(400);

    assertThat(guard.questions).isEmpty();
    assertThat(Screened.passed(node.onlyRecord())).allMatch(each -> each.contains("detectors[1]"));
  }

  @Test
  void hasNoVerdictOnTextsThatAreTooLarge() throws Exception {
    guardedBy(http(OnFailure.BLOCK, Action.BLOCK));

    HttpResponse<String> served = ask("x".repeat(1_000_000));
    HttpResponse<String> refused = ask("x".repeat(1 << 20));

    assertThat(served.statusCode()).isEqualTo(200);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(guard.onlyQuestion().body()).contains("xxx");
    await()
        .untilAsserted(() ->
            assertThat(node.spool.records())
                .anySatisfy(record ->
                    assertThat(Screened.passed(record))
                        .containsExactly(
                            "guard acme/x detectors[0] http: no verdict (texts too large), block")));
  }

  @Test
  void asksNoMoreAtOnceThanItMay() {
    guardedBy(http(guard.url(), PATIENT, OnFailure.BLOCK, 2, Action.BLOCK));
    guard.after(30, PlayedGuard.PASS);

    List<CompletableFuture<HttpResponse<String>>> all =
        IntStream.range(0, 12).mapToObj(i -> askLater()).toList();

    assertThat(all)
        .allSatisfy(each -> assertThat(each.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200));
    assertThat(guard.mostAtOnce).hasValue(2);
    assertThat(guard.questions).hasSize(12);
  }

  @Test
  void waitsForAPlaceNoLongerThanForAnAnswer() {
    guardedBy(http(guard.url(), SHORT, OnFailure.BLOCK, 1, Action.BLOCK));
    guard.plays(response -> {});

    List<CompletableFuture<HttpResponse<String>>> all =
        IntStream.range(0, 3).mapToObj(i -> askLater()).toList();

    assertThat(all)
        .allSatisfy(
            each -> assertThat(each.get(20, TimeUnit.SECONDS).body()).contains("gave no verdict"));
    assertThat(guard.mostAtOnce)
        .as("the others may be asked once it has been given up")
        .hasValueBetween(1, 3);
  }

  @Test
  void asksSeveralAtTheSameTime() throws Exception {
    PlayedGuard other = new PlayedGuard();
    node.model("assistant", "sim-n1")
        .guard("acme", "x", false, http(OnFailure.BLOCK, Action.BLOCK))
        .guard("parent", "y", false, http(other.url(), PATIENT, OnFailure.BLOCK, 1, Action.BLOCK))
        .publish();
    other.says("{\"verdict\":\"found\"}");

    assertThat(ask(CANARY).statusCode()).isEqualTo(400);

    assertThat(Screened.passed(node.onlyRecord()))
        .containsExactly(
            "guard acme/x detectors[0] http: pass",
            "guard parent/y detectors[0] http: block, as the external guard says");
    other.close();
  }

  @Test
  void isNeverAskedInHipaaMode() throws Exception {
    node.hipaa()
        .guard(
            new Guard(
                "acme",
                "both",
                Set.of(Side.INPUT, Side.OUTPUT),
                List.of(new Detector.Secrets(Action.BLOCK))),
            false)
        .model("assistant", "sim-n1")
        .compliant("sim")
        .guard("acme", "x", false, http(OnFailure.BLOCK, Action.BLOCK))
        .publish();

    assertThat(ask(CANARY).statusCode()).isEqualTo(400);

    assertThat(guard.questions).isEmpty();
    assertThat(Screened.passed(node.onlyRecord()))
        .containsExactly("guard acme/x detectors[0] http: no verdict (HIPAA mode), block");
  }

  @Test
  void isNoGuardThatHipaaModeAsksFor() throws Exception {
    node.hipaa()
        .guard(
            new Guard(
                "acme", "out", Set.of(Side.OUTPUT), List.of(new Detector.Secrets(Action.BLOCK))),
            false)
        .model("assistant", "sim-n1")
        .compliant("sim")
        .guard("acme", "x", false, http(OnFailure.ALLOW, Action.BLOCK))
        .publish();

    HttpResponse<String> refused = ask(CANARY);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(node.onlyRecord().getDecisionsList().toString())
        .contains("hipaa: no enforced guard on input");
  }

  @Test
  void endsWithTheClient() throws Exception {
    guardedBy(http(OnFailure.BLOCK, Action.BLOCK));
    guard.plays(response -> {});
    Socket client = node.ask("assistant", true);
    await().until(() -> !guard.questions.isEmpty());

    client.close();

    RequestRecord record = node.onlyRecord();
    assertThat(record.getOutcome()).isEqualTo("cancelled");
    await().untilAsserted(() -> assertThat(guard.left).hasValue(1));
    assertThat(Screened.invoice(node)).doesNotContain("\"path\"");
  }

  private HttpResponse<String> ask(String text) throws Exception {
    return node.send(request(text));
  }

  private CompletableFuture<HttpResponse<String>> askLater() {
    return node.http.sendAsync(request(CANARY).build(), BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(String text) {
    return node.chatBody(
        "{\"model\":\"assistant\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(text));
  }

  private double verdicts(String action) {
    return node.meters
        .get("penstock.guard.verdicts")
        .tags("detector", "http", "action", action)
        .counter()
        .count();
  }
}
