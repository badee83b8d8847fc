package dev.penstock.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.dataplane.ratelimit.LimitName;
import dev.penstock.dataplane.ratelimit.SharesAsk;
import dev.penstock.dataplane.ratelimit.SharesGrant;
import dev.penstock.kernel.rate.FleetReserve;
import dev.penstock.kernel.rate.ShareAsk;
import dev.penstock.kernel.rate.ShareGrant;
import dev.penstock.kernel.rate.SharedLimit;
import dev.penstock.kernel.rate.Units;
import dev.penstock.kernel.snapshot.PolicyContent.RateLimitRule;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node to which a control plane lends shares of limits. */
class LentSharesTest {

  private static final RateLimitRule LIMIT =
      new RateLimitRule("acme", "all", Optional.empty(), Optional.empty(), 40, 0, 0, false);
  private static final Units TOTAL = new Units(40, 0, 0);
  private static final LimitName NAME = new LimitName("acme", "all");

  private final NodeTester node = new NodeTester();
  private final ControlPlane controlPlane = new ControlPlane();

  @AfterEach
  void nothingIsHeld() {
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());
    node.close();
    controlPlane.thread.shutdownNow();
  }

  @Test
  void anExchangeWaitsAMomentForTheShareThatItNeeds() throws Exception {
    connect();

    HttpResponse<String> response = ask();

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(controlPlane.asks(NAME)).isNotEmpty();
    assertThat(controlPlane.asks(NAME).getFirst().held()).isEqualTo(Units.NONE);
  }

  @Test
  void whatOthersHaveIsNotLetPassHere() throws Exception {
    controlPlane.take("other", new Units(28, 0, 0)); // of 30 that are lent
    connect();

    int served = 0;
    HttpResponse<String> refused = ask();
    while (refused.statusCode() == 200) {
      served++;
      refused = ask();
    }

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body())
        .contains("allows 40 requests a minute, of which this gateway node has 2 now");
    assertThat(served).isEqualTo(2);
    assertThat(refused.headers().firstValue("x-ratelimit-limit-requests")).contains("40");
    assertThat(refused.headers().firstValue("x-ratelimit-remaining-requests")).contains("0");
  }

  @Test
  void goesOnWithWhatItWasLentWhileTheControlPlaneIsAway() throws Exception {
    connect();
    assertThat(ask().statusCode()).isEqualTo(200);

    node.rateShares.onDisconnected();

    assertThat(ask().statusCode()).isEqualTo(200);
  }

  @Test
  void lendsNothingWhereNobodyAnswers() throws Exception {
    controlPlane.silent = true;
    connect();

    HttpResponse<String> refused = ask();

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("of which this gateway node has 0 now");
  }

  @Test
  void givesBackWhatItWasLentWhenItStops() throws Exception {
    connect();
    assertThat(ask().statusCode()).isEqualTo(200);
    await().untilAsserted(() -> assertThat(node.leases.open()).isZero());

    List<SharesAsk> last = node.rateShares.release();
    last.forEach(controlPlane::hear);

    assertThat(last).extracting(SharesAsk::limit).contains(NAME);
    assertThat(controlPlane.limits.get(NAME))
        .isNotNull()
        .satisfies(limit -> assertThat(limit.holders()).isEmpty());
  }

  private void connect() {
    node.model("assistant", "sim-n1").rateLimits(LIMIT).publish();
    node.rateShares.onWaiting(() -> controlPlane.thread.execute(controlPlane::converse));
    node.rateShares.onConnected(true);
  }

  private HttpResponse<String> ask() throws Exception {
    return node.send(node.chat("assistant", true));
  }

  /** Answers what the node asks, as the real one would. */
  private final class ControlPlane {

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Map<LimitName, SharedLimit> limits = new HashMap<>();
    private final List<SharesAsk> heard = new ArrayList<>();
    private volatile boolean silent;

    synchronized void take(String other, Units units) {
      answer(NAME, other, new ShareAsk(1, Units.NONE, units));
    }

    synchronized List<ShareAsk> asks(LimitName limit) {
      return heard.stream().filter(ask -> ask.limit().equals(limit)).map(SharesAsk::ask).toList();
    }

    synchronized void converse() {
      List<SharesGrant> grants = new ArrayList<>();
      for (SharesAsk ask : node.rateShares.dueAsks()) {
        hear(ask).ifPresent(grants::add);
      }
      if (!silent) {
        node.rateShares.onGrants(grants);
      }
    }

    synchronized Optional<SharesGrant> hear(SharesAsk ask) {
      heard.add(ask);
      if (!ask.limit().equals(NAME)) {
        return Optional.empty(); // no part of the reserve
      }
      return answer(NAME, "this", ask.ask()).map(grant -> new SharesGrant(NAME, grant, 60_000));
    }

    private Optional<ShareGrant> answer(LimitName limit, String from, ShareAsk ask) {
      Units lent = FleetReserve.lent(TOTAL);
      long now = System.nanoTime() / 1_000_000;
      limits.putIfAbsent(limit, SharedLimit.unused(lent, now));
      SharedLimit.Step step =
          Objects.requireNonNull(limits.get(limit)).ask(lent, from, ask, now, 120_000);
      limits.put(limit, step.next());
      return step.grant();
    }
  }
}
