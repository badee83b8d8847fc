package dev.penstock.kernel.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A limit and a fleet, through which messages take their time, come twice, or do not come. */
class SharedLimitTest {

  private static final long VALID_MILLIS = 3_000;
  private static final long RECLAIM_MILLIS = 5_000;

  @Test
  void aNodeThatAsksAloneGetsWhatItWantsAtOnce() {
    Units total = new Units(600, 10_000, 4);
    SharedLimit limit = SharedLimit.unused(total, 0);

    ShareGrant grant =
        limit
            .ask(total, "a", new ShareAsk(1, Units.NONE, new Units(900, 5_000, 1)), 0, 5_000)
            .grant()
            .orElseThrow();

    assertThat(grant.granted()).isEqualTo(new Units(600, 5_000, 1));
    assertThat(grant.fresh()).isEqualTo(new Units(600, 5_000, 0));
  }

  @Test
  void sharesFollowTheLoad() {
    Fleet fleet = new Fleet(new Random(1), 2, new Units(100, 0, 0), 0);
    fleet.wants(0, 1_000);
    fleet.wants(1, 0);
    fleet.exchange(0);
    assertThat(fleet.share(0)).isEqualTo(100);

    fleet.wants(1, 1_000);
    fleet.exchange(1); // nothing is free yet
    assertThat(fleet.share(1)).isZero();
    fleet.exchange(0); // gives back what is more than its half
    fleet.exchange(0); // and says so
    fleet.exchange(1);
    assertThat(List.of(fleet.share(0), fleet.share(1))).containsExactly(50L, 50L);

    fleet.wants(0, 10);
    fleet.exchange(0);
    fleet.exchange(0);
    fleet.exchange(1);
    assertThat(List.of(fleet.share(0), fleet.share(1))).containsExactly(10L, 90L);
  }

  @Test
  void whatASilentNodeHeldGoesToOthersOnlyWhenItHasStopped() {
    Fleet fleet = new Fleet(new Random(1), 2, new Units(100, 0, 0), 0);
    fleet.wants(0, 100);
    fleet.wants(1, 100);
    fleet.exchange(0);

    fleet.pass(VALID_MILLIS + 500);
    assertThat(fleet.share(0)).isZero(); // it has stopped by itself
    fleet.exchange(1);
    assertThat(fleet.share(1)).isZero();

    fleet.pass(RECLAIM_MILLIS - VALID_MILLIS);
    fleet.exchange(1);
    assertThat(fleet.share(1)).isEqualTo(100);
  }

  @Test
  void anAskThatComesLateOrTwiceChangesNothing() {
    Units total = new Units(100, 0, 0);
    ShareAsk first = new ShareAsk(1, Units.NONE, new Units(10, 0, 0));
    ShareAsk second = new ShareAsk(2, new Units(10, 0, 0), total);
    SharedLimit limit = SharedLimit.unused(total, 0);
    limit = limit.ask(total, "a", first, 0, RECLAIM_MILLIS).next();
    limit = limit.ask(total, "a", second, 1, RECLAIM_MILLIS).next();

    for (ShareAsk again : List.of(first, second)) {
      SharedLimit.Step step = limit.ask(total, "a", again, 2, RECLAIM_MILLIS);
      assertThat(step.grant()).isEmpty();
      assertThat(step.next()).isEqualTo(limit);
    }
  }

  @Test
  void aLimitThatWasLoweredIsKeptOnceNodesHaveHeardOfIt() {
    Fleet fleet = new Fleet(new Random(1), 2, new Units(100, 0, 0), 0);
    fleet.wants(0, 60);
    fleet.wants(1, 40);
    fleet.exchange(0);
    fleet.exchange(1);

    fleet.total = new Units(30, 0, 0);
    fleet.exchange(0);
    fleet.exchange(1);

    assertThat(fleet.share(0) + fleet.share(1)).isLessThanOrEqualTo(30);
  }

  /**
   * Whatever happens to messages and nodes: what the nodes may use together is within the limit at
   * every moment, and what they have let pass is within what the limit held and the time brought.
   */
  @Property(tries = 300)
  void allTogetherNeverHaveMoreThanTheLimit(
      @ForAll @LongRange long seed,
      @ForAll @IntRange(min = 1, max = 6) int nodes,
      @ForAll @IntRange(min = 1, max = 300) int requests,
      @ForAll @IntRange(min = 0, max = 5) int streams) {
    Fleet fleet = new Fleet(new Random(seed), nodes, new Units(requests, 1_000L, streams), 30);

    for (int step = 0; step < 600; step++) {
      fleet.step();
      assertThat(fleet.inForce().isWithin(fleet.total)).as("%s", fleet.inForce()).isTrue();
      long brought = requests + Math.ceilDiv(requests * fleet.nowMillis, 60_000L);
      assertThat(fleet.passed).isLessThanOrEqualTo(brought);
    }
  }

  /** Faults end, and everybody asks a few times: the whole limit is in use. */
  @Property(tries = 100)
  void afterFaultsTheWholeLimitIsUsed(
      @ForAll @LongRange long seed, @ForAll @IntRange(min = 1, max = 6) int nodes) {
    Fleet fleet = new Fleet(new Random(seed), nodes, new Units(600, 6_000, 12), 30);
    for (int step = 0; step < 300; step++) {
      fleet.step();
    }

    fleet.pass(RECLAIM_MILLIS + 1);
    for (int round = 0; round < 4; round++) {
      for (int node = 0; node < nodes; node++) {
        fleet.wants(node, 1_000);
        fleet.exchange(node);
      }
    }

    assertThat(fleet.inForce().requests()).isBetween(600L - nodes, 600L);
  }

  /** Nodes, the control plane, and what is on its way between them. */
  private static final class Fleet {

    private record Sent(
        int node, long atMillis, @Nullable ShareAsk ask, @Nullable ShareGrant grant) {}

    private final Random random;
    private final int faultPercent;
    private final List<NodeShare> shares = new ArrayList<>();
    private final List<RateBucket> buckets = new ArrayList<>();
    private final List<Units> wants = new ArrayList<>();
    private final List<Units> sizes = new ArrayList<>();
    private final List<Sent> onTheWay = new ArrayList<>();
    private Units total;
    private SharedLimit limit;
    private long nowMillis;
    private long number;
    private long passed;

    Fleet(Random random, int nodes, Units total, int faultPercent) {
      this.random = random;
      this.total = total;
      this.faultPercent = faultPercent;
      limit = SharedLimit.unused(total, 0);
      for (int node = 0; node < nodes; node++) {
        shares.add(new NodeShare());
        buckets.add(new RateBucket(0, 0, 0));
        wants.add(Units.NONE);
        sizes.add(Units.NONE);
      }
    }

    void wants(int node, long requests) {
      wants.set(node, new Units(requests, 10 * requests, requests / 10));
    }

    long share(int node) {
      return shares.get(node).inForce(nanos()).requests();
    }

    Units inForce() {
      Units sum = Units.NONE;
      for (NodeShare share : shares) {
        sum = sum.plus(share.inForce(nanos()));
      }
      return sum;
    }

    void pass(long millis) {
      nowMillis += millis;
    }

    /** One ask and its answer, of which nothing is lost. */
    void exchange(int node) {
      SharedLimit.Step step = limit.ask(total, "node" + node, ask(node), nowMillis, RECLAIM_MILLIS);
      limit = step.next();
      step.grant().ifPresent(grant -> hear(node, grant));
    }

    private ShareAsk ask(int node) {
      return shares.get(node).ask(++number, Units.NONE, wants.get(node), nanos());
    }

    void step() {
      nowMillis += random.nextInt(400);
      int node = random.nextInt(shares.size());
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> send(new Sent(node, arrival(), ask(node), null));
        case 3 -> wants(node, random.nextInt(500));
        case 4 -> restart(node);
        default -> take(node);
      }
      deliver();
    }

    private long arrival() {
      return nowMillis + random.nextInt(2_000);
    }

    private void send(Sent sent) {
      if (random.nextInt(100) >= faultPercent) {
        onTheWay.add(sent);
      }
      if (random.nextInt(100) < faultPercent) {
        onTheWay.add(new Sent(sent.node(), arrival(), sent.ask(), sent.grant()));
      }
    }

    /** In no order. */
    private void deliver() {
      List<Sent> due = onTheWay.stream().filter(sent -> sent.atMillis() <= nowMillis).toList();
      onTheWay.removeAll(due);
      for (Sent sent : due) {
        if (sent.ask() != null) {
          SharedLimit.Step step =
              limit.ask(total, "node" + sent.node(), sent.ask(), nowMillis, RECLAIM_MILLIS);
          limit = step.next();
          step.grant().ifPresent(grant -> send(new Sent(sent.node(), arrival(), null, grant)));
        }
        if (sent.grant() != null) {
          hear(sent.node(), sent.grant());
        }
      }
    }

    private void hear(int node, ShareGrant grant) {
      size(node, 0);
      shares
          .get(node)
          .onGrant(grant, VALID_MILLIS)
          .ifPresent(fresh -> size(node, fresh.requests()));
    }

    private void size(int node, long fresh) {
      Units now = shares.get(node).inForce(nanos());
      if (!now.equals(sizes.get(node)) || fresh > 0) {
        buckets.get(node).resize(nanos(), now.requests(), fresh);
        sizes.set(node, now);
      }
    }

    private void take(int node) {
      size(node, 0);
      long units = 1 + random.nextInt(5);
      if (share(node) >= units && buckets.get(node).take(nanos(), units) == 0) {
        passed += units;
      }
    }

    /** Killed, and started anew: it knows nothing, but its asks go on counting. */
    private void restart(int node) {
      if (random.nextInt(100) < faultPercent) {
        shares.set(node, new NodeShare());
        buckets.set(node, new RateBucket(nanos(), 0, 0));
        sizes.set(node, Units.NONE);
      }
    }

    private long nanos() {
      return nowMillis * 1_000_000;
    }
  }
}
