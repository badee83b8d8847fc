package dev.penstock.kernel.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.kernel.rollout.NodeStanding.Answer;
import dev.penstock.kernel.rollout.RolloutState.Done;
import dev.penstock.kernel.rollout.RolloutState.Running;
import dev.penstock.kernel.rollout.RolloutState.Stopped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RolloutStateTest {

  private static final WaveTimes TIMES =
      new WaveTimes(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(60));
  private static final Traffic WELL = new Traffic(1000, 10, 10);

  @Test
  void goesFromOneNodeOfEachRegionToAQuarterToAll() {
    List<NodeStanding> fleet = fleet(Map.of("eu", 8, "us", 3));

    Running canary = RolloutState.begin(fleet);
    RolloutState quarter = canary.on(look(10, acked(fleet, canary.released()), WELL), TIMES);
    RolloutState all =
        ((Running) quarter).on(look(20, acked(fleet, quarter.released()), WELL), TIMES);
    RolloutState done = ((Running) all).on(look(1, acked(fleet, all.released()), WELL), TIMES);

    assertThat(canary).isEqualTo(new Running(Wave.CANARY, Set.of("eu-0", "us-0")));
    assertThat(quarter).isEqualTo(new Running(Wave.QUARTER, Set.of("eu-0", "eu-1", "us-0")));
    assertThat(all.wave()).isEqualTo(Wave.ALL);
    assertThat(all.released()).hasSize(11);
    assertThat(done).isEqualTo(new Done(all.released()));
  }

  @Test
  void staysUntilTheTimeOfTheWaveIsOver() {
    List<NodeStanding> fleet = fleet(Map.of("eu", 4));
    Running canary = RolloutState.begin(fleet);

    assertThat(canary.on(look(9, acked(fleet, canary.released()), WELL), TIMES)).isSameAs(canary);
  }

  @Test
  void waitsForItsNodesAndThenStops() {
    List<NodeStanding> fleet = fleet(Map.of("eu", 4));
    Running canary = RolloutState.begin(fleet);

    assertThat(canary.on(look(59, fleet, WELL), TIMES)).isSameAs(canary);
    assertThat(canary.on(look(60, fleet, WELL), TIMES))
        .isEqualTo(new Stopped(Wave.CANARY, Set.of("eu-0"), "not in force after 60 s on eu-0"));
  }

  @Test
  void takesANodeThatIsGoneForOneThatMayHaveDiedOfIt() {
    List<NodeStanding> fleet = fleet(Map.of("eu", 4));
    Running canary = RolloutState.begin(fleet);
    List<NodeStanding> gone =
        fleet.stream()
            .map(node ->
                node.node().equals("eu-0")
                    ? new NodeStanding("eu-0", "eu", false, Answer.ACKED)
                    : node)
            .toList();

    assertThat(canary.on(look(60, gone, WELL), TIMES)).isInstanceOf(Stopped.class);
  }

  @Test
  void isNotHeldUpInTheLastWaveByANodeThatIsAway() {
    List<NodeStanding> fleet = new ArrayList<>(acked(fleet(Map.of("eu", 4)), node -> true));
    Running all = new Running(Wave.ALL, Set.of());
    fleet.add(new NodeStanding("eu-9", "eu", false, Answer.NONE));

    assertThat(all.on(look(0, fleet, WELL), TIMES)).isInstanceOf(Done.class);
  }

  @Test
  void stopsWhenMoreIsDeniedOrFailsThanBefore() {
    List<NodeStanding> fleet = fleet(Map.of("eu", 4));
    Running canary = RolloutState.begin(fleet);

    assertThat(((Stopped) canary.on(look(1, fleet, new Traffic(1000, 31, 10)), TIMES)).reason())
        .isEqualTo("3.1 % of 1000 requests were denied, before it were 1.0 % of 1000");
    assertThat(((Stopped) canary.on(look(1, fleet, new Traffic(1000, 10, 31)), TIMES)).reason())
        .isEqualTo("3.1 % of 1000 requests failed, before it were 1.0 % of 1000");
    assertThat(canary.on(look(1, fleet, new Traffic(1000, 30, 30)), TIMES)).isSameAs(canary);
    // Of so few it says nothing.
    assertThat(canary.on(look(1, fleet, new Traffic(199, 199, 199)), TIMES)).isSameAs(canary);
    assertThat(
            canary.on(
                new Look(
                    Duration.ofSeconds(1), fleet, new Traffic(199, 0, 0), new Traffic(999, 999, 0)),
                TIMES))
        .isSameAs(canary);
  }

  @Test
  void resumesTheSameWaveWithOthersForThoseThatAreGone() {
    List<NodeStanding> fleet = fleet(Map.of("eu", 4));
    Stopped stopped = new Stopped(Wave.CANARY, Set.of("eu-gone"), "whatever");

    assertThat(stopped.resume(fleet)).isEqualTo(new Running(Wave.CANARY, Set.of("eu-0")));
    assertThat(new Stopped(Wave.CANARY, Set.of("eu-2"), "whatever").resume(fleet))
        .isEqualTo(new Running(Wave.CANARY, Set.of("eu-2")));
  }

  @Test
  void refusesPatienceThatEndsBeforeAWaveDoes() {
    assertThatThrownBy(() ->
            new WaveTimes(Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(19)))
        .hasMessageContaining("patience");
  }

  /**
   * Whatever nodes come, go, answer and refuse: a wave begins only when the gate of the one before
   * it has passed, and then gives the revision to no more of a region than its share; a refusal or
   * a rise stops; what is stopped stays stopped.
   */
  @Property(tries = 500)
  void neverGetsAheadOfItsGate(@ForAll long seed, @ForAll @IntRange(min = 0, max = 40) int size) {
    RandomGenerator chance = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<NodeStanding> fleet = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      fleet.add(arrives(chance, i));
    }
    Running running = RolloutState.begin(fleet);
    requireShare(Wave.CANARY, Set.of(), running.released(), fleet);
    int inWave = 0;
    for (int step = 0; step < 200; step++) {
      inWave += chance.nextInt(8);
      fleet.replaceAll(node -> lives(chance, node));
      fleet.add(arrives(chance, fleet.size()));
      Traffic now = new Traffic(1000, chance.nextInt(33), 10);
      Running before = running;
      RolloutState next = before.on(look(inWave, fleet, now), TIMES);

      boolean refused =
          fleet.stream()
              .filter(n -> before.wave() == Wave.ALL || before.released().contains(n.node()))
              .anyMatch(node -> node.answer() == Answer.REFUSED);
      boolean rise = before.wave() != Wave.ALL && now.denied() > 30;
      switch (next) {
        case Stopped stopped -> {
          assertThat(stopped.wave()).isEqualTo(before.wave());
          assertThat(stopped.released()).isEqualTo(before.released());
          if (!refused && !rise) {
            assertThat(inWave).isGreaterThanOrEqualTo(60);
          }
          return;
        }
        case Done done -> {
          assertThat(before.wave()).isEqualTo(Wave.ALL);
          assertThat(refused).isFalse();
          assertThat(fleet.stream().filter(NodeStanding::connected))
              .allMatch(node -> node.answer() == Answer.ACKED);
          return;
        }
        case Running goesOn -> {
          assertThat(refused || rise).isFalse();
          if (goesOn.wave() == before.wave()) {
            assertThat(goesOn).isSameAs(before);
          } else {
            assertThat(goesOn.wave().ordinal()).isEqualTo(before.wave().ordinal() + 1);
            assertThat(Duration.ofSeconds(inWave)).isGreaterThanOrEqualTo(TIMES.of(before.wave()));
            assertThat(before.released()).allMatch(isReadyIn(fleet));
            requireShare(goesOn.wave(), before.released(), goesOn.released(), fleet);
            inWave = 0;
          }
          running = goesOn;
        }
      }
    }
  }

  private static void requireShare(
      Wave wave, Set<String> before, Set<String> released, List<NodeStanding> fleet) {
    fleet.stream()
        .filter(NodeStanding::connected)
        .collect(Collectors.groupingBy(NodeStanding::region))
        .forEach((region, nodes) -> {
          Set<String> names = nodes.stream().map(NodeStanding::node).collect(Collectors.toSet());
          Set<String> have = new HashSet<>(released);
          have.retainAll(names);
          Set<String> had = new HashSet<>(before);
          had.retainAll(names);
          int most =
              switch (wave) {
                case CANARY -> 1;
                case QUARTER -> Math.max(1, (int) (names.size() * 0.25));
                case ALL -> names.size();
              };
          assertThat(have.size()).isLessThanOrEqualTo(Math.max(most, had.size()));
          assertThat(have).isNotEmpty().containsAll(had);
        });
  }

  private static Predicate<String> isReadyIn(List<NodeStanding> fleet) {
    return name ->
        fleet.stream()
            .anyMatch(node ->
                node.node().equals(name) && node.connected() && node.answer() == Answer.ACKED);
  }

  private static NodeStanding arrives(RandomGenerator chance, int number) {
    String region = "region-" + chance.nextInt(3);
    return new NodeStanding(region + "-" + number, region, chance.nextInt(10) > 0, Answer.NONE);
  }

  private static NodeStanding lives(RandomGenerator chance, NodeStanding node) {
    int dice = chance.nextInt(400);
    boolean connected = dice == 0 ? !node.connected() : node.connected() || dice < 100;
    Answer answer = dice == 1 ? Answer.REFUSED : dice > 150 ? Answer.ACKED : node.answer();
    return new NodeStanding(node.node(), node.region(), connected, answer);
  }

  private static List<NodeStanding> fleet(Map<String, Integer> regions) {
    List<NodeStanding> fleet = new ArrayList<>();
    regions.forEach((region, size) -> {
      for (int i = 0; i < size; i++) {
        fleet.add(new NodeStanding(region + "-" + i, region, true, Answer.NONE));
      }
    });
    return fleet;
  }

  private static List<NodeStanding> acked(List<NodeStanding> fleet, Set<String> released) {
    return acked(fleet, released::contains);
  }

  private static List<NodeStanding> acked(List<NodeStanding> fleet, Predicate<String> which) {
    return fleet.stream()
        .map(node ->
            which.test(node.node())
                ? new NodeStanding(node.node(), node.region(), node.connected(), Answer.ACKED)
                : node)
        .toList();
  }

  private static Look look(int seconds, List<NodeStanding> fleet, Traffic now) {
    return new Look(Duration.ofSeconds(seconds), fleet, WELL, now);
  }
}
