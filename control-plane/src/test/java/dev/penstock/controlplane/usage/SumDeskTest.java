package dev.penstock.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.kit.MigratedPostgres;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That every stored record comes into the sums, once, whatever happens meanwhile. */
class SumDeskTest {

  private static final long ALL = 100_000;

  /** Where a round breaks off. */
  private enum Cut {
    /** The control plane is killed once rows of sums are written. */
    BEFORE_THE_NOTE,
    /** It is killed once all is written. */
    BEFORE_THE_COMMIT,
    /** Only the answer is lost. */
    AFTER_THE_COMMIT
  }

  @ParameterizedTest
  @EnumSource
  void aRoundThatBreaksOffCountsOnceAfterwards(Cut cut) throws SQLException {
    // Given
    UsageKit kit = funded();
    kit.send(1, kit.request(1), kit.requestAfter("openai-us", 700, Instant.now()));
    SumDesk breaking = desk(breaking(MigratedPostgres.app(), cut));

    // When
    breaking.catchUp();

    // Then
    assertThat(sum(kit, "requests")).isEqualTo(cut == Cut.AFTER_THE_COMMIT ? 2 : 0);
    kit.sums.catchUp();
    kit.sums.catchUp();
    assertThat(sum(kit, "requests")).isEqualTo(2);
    assertThat(sum(kit, "borne_nusd")).isEqualTo(700);
    assertThat(tagged(kit)).isEqualTo(2);
  }

  @Test
  void saysSinceWhenSomethingWaitsThatCouldNotBeAddedUp() throws SQLException {
    // Given
    UsageKit kit = funded();
    kit.sums.catchUp();
    Instant before = Instant.now();
    kit.send(1, kit.request(1));
    Instant after = Instant.now();

    // When
    Instant until = desk(breaking(MigratedPostgres.app(), Cut.BEFORE_THE_COMMIT)).catchUp();

    // Then
    assertThat(until).isBetween(before.minusMillis(1), after);
    assertThat(kit.sums.catchUp()).isAfterOrEqualTo(after);
  }

  /** However much a round takes, and wherever it stops within a stretch. */
  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void roundsOfEverySizeAddUpToTheSame(@ForAll long seed) throws SQLException {
    // Given
    Random random = new Random(seed);
    UsageKit kit = funded();
    kit.sums.catchUp();
    int sent = 0;
    long cost = 0;
    while (sent < 40) {
      List<Content> batch = new ArrayList<>();
      for (int i = random.nextInt(1, 10); i > 0; i--) {
        long each = random.nextLong(100);
        boolean odd = random.nextInt(4) == 0;
        cost += odd ? 0 : each;
        batch.add(odd ? new Content.Gap("bad checksum", 1) : kit.request(each));
      }
      kit.send(sent + 1L, batch.toArray(new Content[0]));
      sent += batch.size();
    }

    // When
    boolean more = true;
    while (more) {
      more =
          kit.transactions.inOne(connection ->
              new SumRound(connection, SpendTags.USUAL)
                  .addUp(random.nextInt(1, 15), records -> {}));
    }

    // Then
    assertThat(sum(kit, "cost_nusd")).isEqualTo(cost);
    assertThat(unsummed(kit)).isZero();
  }

  @Test
  void aStretchThatSomebodyElseHasAddedUpIsNotAddedOnceMore() throws SQLException {
    // Given
    UsageKit kit = funded();
    kit.send(1, kit.request(1), kit.request(10));
    List<Stretch> seen = kit.transactions.inOne(connection -> new Unsummed(connection).oldest(ALL));
    kit.sums.catchUp();

    // When, then
    assertThatThrownBy(() ->
            kit.transactions.inOne(connection -> {
              new Unsummed(connection).done(seen);
              return true;
            }))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("but 0 were there");
  }

  /** While nodes go on to report. */
  @Test
  void twoReplicasAddUpEachRecordOnce() throws Exception {
    // Given
    UsageKit kit = funded();
    List<SumDesk> replicas = List.of(desk(MigratedPostgres.app()), desk(MigratedPostgres.app()));

    // When
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> work = new ArrayList<>();
      for (SumDesk each : replicas) {
        for (int reader = 0; reader < 3; reader++) {
          work.add(
              threads.submit(() -> {
                for (int i = 0; i < 10; i++) {
                  each.catchUp();
                }
                return true;
              }));
        }
      }
      for (int batch = 0; batch < 20; batch++) {
        kit.send(1 + batch * 2L, kit.request(1), kit.request(10));
      }
      for (Future<?> each : work) {
        each.get();
      }
    }
    replicas.getFirst().catchUp();

    // Then
    assertThat(sum(kit, "requests")).isEqualTo(40);
    assertThat(sum(kit, "cost_nusd")).isEqualTo(220);
  }

  @Test
  void whatComesLateIsAddedToAnHourThatWasAddedUpBefore() throws SQLException {
    // Given
    UsageKit kit = funded();
    Instant then = Instant.now().minus(Duration.ofDays(3));
    kit.send(1, kit.requestAt(then));
    kit.sums.catchUp();

    // When
    kit.send(2, kit.requestAt(Instant.now()), kit.requestAt(then), kit.requestAt(then));
    kit.sums.catchUp();

    // Then
    for (Grain grain : Grain.values()) {
      assertThat(
              UsageKit.number(
                  "SELECT sum(requests) FROM usage.spend_rollup WHERE grain = %d AND tenant = ?"
                          .formatted(grain.minutes())
                      + " AND bucket = '%s'".formatted(grain.floor(then)),
                  kit.tenant))
          .as("%s", grain)
          .isEqualTo(3);
    }
  }

  /** The first one fills the row, so that none of the others fits in beside it. */
  @Test
  void whatNoSumCanHoldIsLeftOutAndNothingElseIs() throws SQLException {
    // Given
    UsageKit kit = funded();
    Instant at = Instant.now();
    kit.send(1, kit.requestAfter("openai-us", Long.MAX_VALUE, at));
    kit.sums.catchUp();
    List<Content> batch = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      batch.add(i % 10 == 7 ? kit.requestAfter("openai-us", 7, at) : kit.request(1));
    }

    // When
    kit.send(2, batch.toArray(new Content[0]));
    kit.sums.catchUp();

    // Then
    assertThat(sum(kit, "requests")).isEqualTo(1 + 27);
    assertThat(kit.meters.counter("penstock.usage.left.out.of.sums").count()).isEqualTo(3);
    assertThat(kit.records()).isEqualTo(31);
    assertThat(unsummed(kit)).isZero();
  }

  /** A control plane of an earlier build adds up while it stores, and notes nothing. */
  @Test
  void recordsOfEarlierBuildsAreNotAddedUp() throws SQLException {
    // Given
    UsageKit kit = funded();
    kit.send(1, kit.request(1));
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      UsageKit.execute(connection, "DELETE FROM usage.unsummed WHERE spool_id = ?", kit.spoolId);
    }
    kit.send(2, kit.request(10));

    // When
    kit.sums.catchUp();

    // Then
    assertThat(sum(kit, "cost_nusd")).isEqualTo(10);
  }

  private static UsageKit funded() throws SQLException {
    UsageKit kit = new UsageKit();
    kit.lease(900_000);
    return kit;
  }

  private static SumDesk desk(DataSource database) {
    return new SumDesk(new Transactions(database), new SimpleMeterRegistry());
  }

  private static long sum(UsageKit kit, String column) throws SQLException {
    return UsageKit.number(
        "SELECT coalesce(sum(%s), 0) FROM usage.spend_rollup WHERE grain = 60 AND tenant = ?"
            .formatted(column),
        kit.tenant);
  }

  private static long tagged(UsageKit kit) throws SQLException {
    return UsageKit.number(
        "SELECT coalesce(sum(requests), 0) FROM usage.spend_tag_rollup WHERE grain = 5 AND tenant = ?",
        kit.tenant);
  }

  private static long unsummed(UsageKit kit) throws SQLException {
    return UsageKit.number("SELECT count(*) FROM usage.unsummed WHERE spool_id = ?", kit.spoolId);
  }

  /** A database that is gone at some moment of every transaction that adds up. */
  private static DataSource breaking(DataSource real, Cut cut) {
    return (DataSource)
        Proxy.newProxyInstance(
            SumDeskTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) ->
                breaking((Connection) invoke(real, method, arguments), cut));
  }

  private static Connection breaking(Connection real, Cut cut) {
    boolean[] adding = {false};
    return (Connection)
        Proxy.newProxyInstance(
            SumDeskTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              boolean noting = arguments != null && String.valueOf(arguments[0]).contains("DELETE");
              adding[0] |= noting;
              if (cut == Cut.BEFORE_THE_NOTE && noting) {
                throw gone();
              }
              if (cut == Cut.BEFORE_THE_COMMIT && method.getName().equals("commit") && adding[0]) {
                throw gone();
              }
              Object result = invoke(real, method, arguments);
              if (method.getName().equals("commit") && adding[0]) {
                throw gone();
              }
              return result;
            });
  }

  private static SQLException gone() {
    return new SQLException("connection lost", "08006");
  }

  private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }
}
