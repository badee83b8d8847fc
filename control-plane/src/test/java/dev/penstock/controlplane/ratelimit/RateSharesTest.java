package dev.penstock.controlplane.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.kit.MigratedPostgres;
import dev.penstock.controlplane.ratelimit.RateShares.Asked;
import dev.penstock.controlplane.ratelimit.RateShares.Granted;
import dev.penstock.controlplane.ratelimit.RateShares.Limit;
import dev.penstock.kernel.rate.ShareAsk;
import dev.penstock.kernel.rate.Units;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Shares of a limit, out of Postgres. */
class RateSharesTest {

  private static final Units ALL = new Units(10_000, 10_000, 10_000);

  private final Limit limit = new Limit("t-" + UUID.randomUUID(), "all");
  private final RateShares shares = new RateShares(new Transactions(MigratedPostgres.app()));

  @BeforeEach
  void stateALimit() throws SQLException {
    try (Connection connection = MigratedPostgres.admin().getConnection()) {
      execute(
          connection,
          "INSERT INTO policy.tenant (name, parent) VALUES (?, (SELECT name FROM policy.tenant"
              + " WHERE parent IS NULL))",
          limit.tenant());
      execute(
          connection,
          "INSERT INTO policy.rate_limit (tenant, name, requests_per_minute, concurrent_streams)"
              + " VALUES (?, 'all', 800, 4)",
          limit.tenant());
    }
  }

  @Test
  void nodesShareThreeQuartersByWhatTheyWant() throws SQLException {
    Units first = granted("a", 1, Units.NONE, new Units(200, 0, 1));
    Units second = granted("b", 1, Units.NONE, ALL);
    Units third = granted("c", 1, Units.NONE, ALL);

    assertThat(first).isEqualTo(new Units(200, 0, 1));
    assertThat(second)
        .isEqualTo(new Units(400, 0, 1)); // the rest of 600 requests, a third of 3 streams
    assertThat(third).isEqualTo(new Units(0, 0, 1));
    assertThat(granted("b", 2, second, ALL)).isEqualTo(new Units(200, 0, 1));
    assertThat(granted("b", 3, new Units(200, 0, 1), ALL)).isEqualTo(new Units(200, 0, 1));
    assertThat(granted("c", 2, Units.NONE, ALL)).isEqualTo(new Units(200, 0, 1));
  }

  @Test
  void anAskThatIsNotNewAndALimitThatIsNotThereHaveNoAnswer() throws SQLException {
    granted("a", 7, Units.NONE, ALL);

    assertThat(shares.ask("a", List.of(asked(limit, 7, Units.NONE, ALL)))).isEmpty();
    assertThat(shares.ask("a", List.of(asked(new Limit("nobody", "x"), 8, Units.NONE, ALL))))
        .isEmpty();
  }

  @Test
  void eachNodeHasAPartOfTheReserveForAsLongAsItRuns() throws SQLException {
    String node = "n-" + UUID.randomUUID();

    Granted part =
        shares
            .ask(node, List.of(asked(new Limit("", ""), 1, Units.NONE, new Units(1, 0, 0))))
            .getFirst();

    assertThat(part.grant().granted().requests()).isLessThanOrEqualTo(1);
    assertThat(part.valid()).isZero();
  }

  @Test
  void nodesThatAskAtTheSameTimeNeverHaveMoreThanIsLent() throws Exception {
    List<Callable<Units>> nodes = new ArrayList<>();
    for (int node = 0; node < 6; node++) {
      String name = "node-" + node;
      Random random = new Random(node);
      nodes.add(() -> asking(name, random));
    }
    Units held = Units.NONE;
    try (ExecutorService threads = Executors.newFixedThreadPool(nodes.size())) {
      for (Future<Units> last : threads.invokeAll(nodes)) {
        held = held.plus(last.get());
      }
    }

    assertThat(held.isWithin(new Units(600, 0, 3))).as("%s", held).isTrue();
  }

  /** Asks again and again; what it holds in the end. */
  private Units asking(String node, Random random) throws SQLException {
    Units held = Units.NONE;
    for (int number = 1; number <= 20; number++) {
      held = granted(node, number, held, new Units(random.nextInt(400), 0, random.nextInt(4)));
    }
    return held;
  }

  private Units granted(String node, long number, Units held, Units want) throws SQLException {
    List<Granted> grants = shares.ask(node, List.of(asked(limit, number, held, want)));
    assertThat(grants).hasSize(1);
    assertThat(grants.getFirst().limit()).isEqualTo(limit);
    assertThat(grants.getFirst().grant().number()).isEqualTo(number);
    return grants.getFirst().grant().granted();
  }

  private static Asked asked(Limit limit, long number, Units held, Units want) {
    return new Asked(limit, new ShareAsk(number, held, want));
  }

  private static void execute(Connection connection, String sql, String parameter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      statement.executeUpdate();
    }
  }
}
