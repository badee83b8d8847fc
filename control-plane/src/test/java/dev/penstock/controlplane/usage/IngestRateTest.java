package dev.penstock.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.MigratedPostgres;
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
 * durably. What that takes of a processor is bounded wherever it runs. Whether they keep up depends
 * on what else runs there, so it is demanded where it is asked for: {@code -Dingest.seconds=300}.
 */
class IngestRateTest {

  private static final Logger LOG = Logger.getLogger(IngestRateTest.class);
  private static final boolean MEASURED = System.getProperty("ingest.seconds") != null;
  private static final int SECONDS = Integer.getInteger("ingest.seconds", 6);
  private static final int RATE = Integer.getInteger("ingest.rate", 5_000);
  private static final int SPOOLS = 10;

  /**
   * All of two processors at the rate that is demanded; where it is not, a few times as much, for
   * what is short is mostly spent on code that has just been loaded.
   */
  private static final Duration CPU_OF_A_RECORD =
      Duration.ofNanos(2_000_000_000L / 5_000 * (MEASURED ? 1 : 5));

  /** How long a record may be on its way to its commit. */
  private static final Duration MOST_BEHIND = Duration.ofSeconds(3);

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
    long produced = (long) RATE * SECONDS;
    Duration cpuBefore = fleet.cpu();

    // When
    long start = System.nanoTime();
    try (ScheduledExecutorService sums = Executors.newSingleThreadScheduledExecutor();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      sums.scheduleWithFixedDelay(fleet::addUp, 5, 5, TimeUnit.SECONDS);
      List<Future<?>> spools = new ArrayList<>();
      for (int spool = 0; spool < SPOOLS; spool++) {
        int number = spool;
        spools.add(
            threads.submit(() -> fleet.report(number, (double) RATE / SPOOLS, produced / SPOOLS)));
      }
      for (Future<?> each : spools) {
        each.get();
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    Duration cpu = fleet.cpu().minus(cpuBefore);

    fleet.addUp();

    // Then
    LOG.infof(
        "%d records of %d spools in %d ms, %d µs of processor each, %d ms behind at most",
        produced,
        SPOOLS,
        took.toMillis(),
        cpu.dividedBy(produced).toNanos() / 1000,
        fleet.furthestBehind().toMillis());
    assertThat(fleet.records()).isEqualTo(produced);
    assertThat(fleet.requestsPerDay()).isEqualTo(produced);
    assertThat(fleet.spent()).isEqualTo(produced * IngestFleet.COST);
    assertThat(cpu.dividedBy(produced)).isLessThan(CPU_OF_A_RECORD);
    if (MEASURED) {
      assertThat(fleet.furthestBehind()).isLessThan(MOST_BEHIND);
    }
  }
}
