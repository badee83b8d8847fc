package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import dev.penstock.proto.usage.v1.Decision;
import dev.penstock.proto.usage.v1.RequestRecord;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a tenant gets that asks more often, for more or for more at once than it may. */
class RateLimitTest {

  private static final long NONE = 0;

  private final NodeTester node = new NodeTester();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
  }

  @Test
  void refusesWhatIsBeyondTheRequestsOfAMinute() throws Exception {
    node.model("assistant", "sim-n1").rateLimits(limit(2, NONE, NONE)).publish();

    assertThat(ask("assistant").statusCode()).isEqualTo(200);
    assertThat(ask("assistant").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = ask("assistant");

    assertRefused(refused, "rate_limit_exceeded");
    assertThat(refused.body())
        .contains("The rate limit all of acme allows 2 requests a minute; try again in 30 s.")
        .contains("\"type\":\"rate_limit_error\"");
    long wait = Long.parseLong(refused.headers().firstValue("retry-after").orElseThrow());
    assertThat(wait).isBetween(25L, 30L);
    assertThat(refused.headers().firstValue("x-should-retry")).contains("true");
  }

  @Test
  void tellsOpenAisClientsWhatTheTightestLimitLeaves() throws Exception {
    RateLimitRule wide =
        new RateLimitRule("acme", "wide", Optional.empty(), Optional.empty(), 600, NONE, 9, false);
    RateLimitRule observed =
        new RateLimitRule("acme", "seen", Optional.empty(), Optional.empty(), 1, NONE, NONE, true);
    node.model("assistant", "sim-n1").rateLimits(wide, limit(2, 100_000, NONE), observed).publish();

    HttpHeaders first = ask("assistant").headers();
    HttpHeaders second = ask("assistant").headers();
    HttpResponse<String> refused = ask("assistant");

    assertThat(first.firstValue("x-ratelimit-limit-requests")).contains("2");
    assertThat(first.firstValue("x-ratelimit-remaining-requests")).contains("1");
    assertThat(first.firstValue("x-ratelimit-reset-requests"))
        .hasValueSatisfying(reset -> assertThat(reset).matches("30s|29\\.\\d+s"));
    assertThat(first.firstValue("x-ratelimit-limit-tokens")).contains("100000");
    assertThat(first.firstValue("x-ratelimit-remaining-tokens").map(Long::valueOf).orElseThrow())
        .isBetween(99_900L, 99_999L);
    assertThat(second.firstValue("x-ratelimit-remaining-requests")).contains("0");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("x-ratelimit-remaining-requests")).contains("0");
  }

  @Test
  void tellsAnthropicsClientsInTheirOwnHeaders() throws Exception {
    node.assistant("anthropic", "sim-text").rateLimits(limit(2, NONE, NONE)).publish();
    Instant before = Instant.now();

    HttpHeaders headers =
        node.send(
                HttpRequest.newBuilder(node.uri("/v1/messages"))
                    .header("x-api-key", node.key())
                    .POST(
                        BodyPublishers.ofString(
                            "{\"model\":\"assistant\",\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")))
            .headers();

    assertThat(headers.firstValue("anthropic-ratelimit-requests-limit")).contains("2");
    assertThat(headers.firstValue("anthropic-ratelimit-requests-remaining")).contains("1");
    assertThat(headers.firstValue("anthropic-ratelimit-requests-reset").map(Instant::parse))
        .hasValueSatisfying(reset -> assertThat(reset).isAfter(before.plusSeconds(29)));
    assertThat(headers.map()).doesNotContainKey("x-ratelimit-limit-requests");
    assertThat(headers.map()).doesNotContainKey("anthropic-ratelimit-tokens-limit");
  }

  @Test
  void refusesWhatIsBeyondTheTokensOfAMinuteOnceTheyAreKnown() throws Exception {
    node.model("assistant", "sim-n100-d0").rateLimits(limit(NONE, 60, NONE)).publish();

    assertThat(ask("assistant").statusCode()).isEqualTo(200); // takes some 30, uses more than 100
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    HttpResponse<String> refused = ask("assistant");

    assertRefused(refused, "rate_limit_exceeded");
    assertThat(refused.body()).contains("60 tokens a minute");
  }

  @Test
  void refusesWhatIsBeyondTheStreamsAtTheSameTimeAndNoLonger() throws Exception {
    node.model("assistant", "sim-n2000-d5000").rateLimits(limit(NONE, NONE, 1)).publish();
    HttpResponse<InputStream> running =
        node.http.send(node.chat("assistant", true).build(), BodyHandlers.ofInputStream());
    assertThat(running.body().read()).isNotNegative();

    HttpResponse<String> refused = ask("assistant");
    running.body().close();

    assertRefused(refused, "concurrency_limit_exceeded");
    assertThat(refused.body()).contains("1 requests at the same time");
    node.model("quick", "sim-n1").publish();
    await().untilAsserted(() -> assertThat(ask("quick").statusCode()).isEqualTo(200));
  }

  @Test
  void givesTheStreamBackHoweverTheExchangeEnds() throws Exception {
    node.model("broken", "sim-status-500").modelWithoutPrice("unpriced", "sim-n1");
    node.model("assistant", "sim-n1").rateLimits(limit(NONE, NONE, 1)).publish();

    for (int i = 0; i < 3; i++) {
      assertThat(ask("broken").statusCode()).isGreaterThanOrEqualTo(500);
      assertThat(ask("unpriced").statusCode()).isEqualTo(403);
      await().untilAsserted(() -> assertThat(ask("assistant").statusCode()).isEqualTo(200));
    }
  }

  @Test
  void takesNothingWhereAnotherLimitHasNoRoom() throws Exception {
    RateLimitRule tight =
        new RateLimitRule(
            "acme", "tight", Optional.empty(), Optional.of("scarce"), 1, NONE, NONE, false);
    node.model("scarce", "sim-n1").model("assistant", "sim-n1");
    node.rateLimits(limit(3, NONE, 1), tight).publish();

    assertThat(ask("scarce").statusCode()).isEqualTo(200);
    for (int i = 0; i < 5; i++) {
      assertRefused(ask("scarce"), "rate_limit_exceeded");
    }

    assertThat(ask("assistant").statusCode()).isEqualTo(200);
    assertThat(ask("assistant").statusCode()).isEqualTo(200);
    assertRefused(ask("assistant"), "rate_limit_exceeded");
  }

  @Test
  void letsPassItsShareOfWhatAllNodesMay() throws Exception {
    node.model("assistant", "sim-n1").residency(NodeTester.REGION);
    node.rateLimits(limit(4, NONE, NONE)).publish();
    node.rateShares.onCounted(Map.of(NodeTester.REGION, 2, "us-east", 7));

    assertThat(ask("assistant").statusCode()).isEqualTo(200);
    assertThat(ask("assistant").statusCode()).isEqualTo(200);
    HttpResponse<String> refused = ask("assistant");

    assertRefused(refused, "rate_limit_exceeded");
    assertThat(refused.body())
        .contains("allows 4 requests a minute, shared evenly by 2 gateway nodes");
  }

  @Test
  void bindsWhatItsScopeSays() throws Exception {
    RateLimitRule ofAnotherKey =
        new RateLimitRule(
            "acme", "other", Optional.of("another"), Optional.empty(), 1, NONE, NONE, false);
    RateLimitRule ofAnotherModel =
        new RateLimitRule(
            "acme", "model", Optional.empty(), Optional.of("other"), 1, NONE, NONE, false);
    node.model("assistant", "sim-n1").rateLimits(ofAnotherKey, ofAnotherModel).publish();

    for (int i = 0; i < 3; i++) {
      assertThat(ask("assistant").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void recordsWhatAnObservedLimitWouldRefuse() throws Exception {
    RateLimitRule observed =
        new RateLimitRule("acme", "all", Optional.empty(), Optional.empty(), 1, NONE, NONE, true);
    node.model("assistant", "sim-n1").rateLimits(observed).publish();

    assertThat(ask("assistant").statusCode()).isEqualTo(200);
    assertThat(ask("assistant").statusCode()).isEqualTo(200);

    await().untilAsserted(() -> assertThat(node.spool.records()).hasSize(2));
    assertThat(wouldDeny(node.spool.records().getFirst())).isEmpty();
    assertThat(wouldDeny(node.spool.records().getLast())).containsExactly("rate_limit_exceeded");
  }

  private static RateLimitRule limit(long requests, long tokens, long streams) {
    return new RateLimitRule(
        "acme", "all", Optional.empty(), Optional.empty(), requests, tokens, streams, false);
  }

  private HttpResponse<String> ask(String model) throws Exception {
    return node.send(node.chat(model, true));
  }

  private static void assertRefused(HttpResponse<String> answer, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(429);
    assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
  }

  private static List<String> wouldDeny(RequestRecord record) {
    return record.getDecisionsList().stream()
        .filter(decision -> decision.getVerdict().equals("would_deny"))
        .map(Decision::getReason)
        .toList();
  }
}
