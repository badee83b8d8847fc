package dev.penstock.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.MigratedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Ten nodes report for some time as many records as all may at most, into a database that writes
 * durably. What that takes of a processor is bounded wherever it runs, and the lag must not grow as
 * long as the machine has something left: where it has not, a lag says more of what else runs
 * there. It has to be kept up with in any case where that is asked for: {@code
 * -Dingest.seconds=300}.
 */
class IngestRateTest {

  private static final Logger LOG = Logger.getLogger(IngestRateTest.class);
  private static final boolean MEASURED = System.getProperty("ingest.seconds") != null;
  private static final int SECONDS = Integer.getInteger("ingest.seconds", 30);
  private static final int RATE = Integer.getInteger("ingest.rate", 5_000);
  private static final int SPOOLS = 10;

  /**
   * All of two processors at the rate that is demanded; where it is not, three times as much, for
   * machines that are slower, and because much of half a minute is spent on code that has just been
   * loaded.
   */
  private static final Duration CPU_OF_A_RECORD =
      Duration.ofNanos(2_000_000_000L / 5_000 * (MEASURED ? 1 : 3));

  /** How long a record may be on its way to its commit. */
  private static final Duration MOST_BEHIND = Duration.ofSeconds(3);

  /** What rounds scatter by. */
  private static final Duration SCATTER = Duration.ofSeconds(1);

  /** Sums are added up every five seconds. */
  private static final Duration MOST_SUMS_BEHIND = Duration.ofSeconds(10);

  /**
   * Of the processors: with less left, whatever waits may have waited for them. A machine that is
   * so slow that rounds, one after the other, cannot keep up has about a quarter left.
   */
  private static final double SHORT = 0.3;

  @BeforeAll
  static void writeDurably() throws SQLException {
    durability("on");
  }

  @AfterAll
  static void writeAsOtherTestsDo() throws SQLException {
    durability("off");
  }

  private static void durability(String onOff) throws SQLException {
    try (Connection connection = MigratedPostgres.admin().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER SYSTEM SET fsync = " + onOff);
      statement.execute("ALTER SYSTEM SET synchronous_commit = " + onOff);
      statement.execute("SELECT pg_reload_conf()");
    }
  }

  @Test
  void takesWhatTenNodesReportOnTwoProcessors() throws Exception {
    // Given
    IngestFleet fleet = IngestFleet.of(SPOOLS);
    Duration cpuBefore = fleet.cpu();
    Processors before = Processors.now();

    // When
    long reported = report(fleet);
    Duration used = fleet.cpu().minus(cpuBefore);
    double left = Math.min(Processors.now().idleSince(before), unusedOfOurs(used));
    Duration cpu = used.dividedBy(reported);
    Duration sumsBehind = fleet.sumsBehind();
    fleet.addUp();

    // Then
    Duration behind = fleet.furthestBehind(0, SECONDS + 60L);
    Duration middle = fleet.furthestBehind(SECONDS / 3, 2L * SECONDS / 3);
    Duration end = fleet.furthestBehind(2L * SECONDS / 3, SECONDS + 60L);
    LOG.infof(
        "%d records of %d spools in %d s, %d µs of processor each, %.0f %% left, at most %d ms behind"
            + " (%d in the second third, %d in the last), sums %d ms",
        reported,
        SPOOLS,
        SECONDS,
        cpu.toNanos() / 1000,
        left * 100,
        behind.toMillis(),
        middle.toMillis(),
        end.toMillis(),
        sumsBehind.toMillis());
    assertThat(fleet.records()).isEqualTo(reported);
    assertThat(fleet.requestsPerDay()).isEqualTo(reported);
    assertThat(fleet.spent()).isEqualTo(reported * IngestFleet.COST);
    assertThat(cpu).isLessThan(CPU_OF_A_RECORD);
    if (MEASURED) {
      assertThat(behind).isLessThan(MOST_BEHIND);
    }
    if (MEASURED || left > SHORT) {
      assertThat(end).as("the lag does not grow").isLessThan(middle.plus(SCATTER));
      assertThat(sumsBehind).isLessThan(MOST_SUMS_BEHIND);
    }
  }

  /** Returns how many records were reported. */
  private static long report(IngestFleet fleet) throws Exception {
    long reported = 0;
    try (ScheduledExecutorService sums = Executors.newSingleThreadScheduledExecutor();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      sums.scheduleWithFixedDelay(fleet::addUp, 5, 5, TimeUnit.SECONDS);
      List<Future<Long>> spools = new ArrayList<>();
      for (int spool = 0; spool < SPOOLS; spool++) {
        int number = spool;
        spools.add(
            threads.submit(
                () -> fleet.report(number, (double) RATE / SPOOLS, Duration.ofSeconds(SECONDS))));
      }
      for (Future<Long> each : spools) {
        reported += each.get();
      }
    }
    return reported;
  }

  /** A container may have fewer processors than its machine. */
  private static double unusedOfOurs(Duration used) {
    return 1
        - (double) used.toMillis() / (1000L * SECONDS * Runtime.getRuntime().availableProcessors());
  }

  /**
   * What the machine's processors have done since it was started, in hundredths of a second.
   *
   * @param idle of all
   */
  private record Processors(long idle, long all) {

    private static final int IDLE = 4; // in a line "cpu user nice system idle …" of proc(5)

    /** Where the system does not say, as if there was nothing left. */
    static Processors now() throws IOException {
      Path stat = Path.of("/proc/stat");
      if (!Files.exists(stat)) {
        return new Processors(0, 0);
      }
      String[] words = Files.readAllLines(stat).getFirst().split("\\s+");
      long all = 0;
      for (int i = 1; i < words.length; i++) {
        all += Long.parseLong(words[i]);
      }
      return new Processors(Long.parseLong(words[IDLE]), all);
    }

    double idleSince(Processors before) {
      return all == before.all ? 0 : (double) (idle - before.idle) / (all - before.all);
    }
  }
}
