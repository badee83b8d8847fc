package dev.penstock.controlplane.ratelimit;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.kernel.rate.FleetReserve;
import dev.penstock.kernel.rate.ShareAsk;
import dev.penstock.kernel.rate.ShareGrant;
import dev.penstock.kernel.rate.SharedLimit;
import dev.penstock.kernel.rate.Units;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Lends the nodes their shares of rate limits. How a limit is divided stands in its row, which is
 * locked while {@link SharedLimit} decides: so it does not matter which replica a node asks.
 */
@Singleton
public class RateShares {

  /** From when the node asked, by its own clock. */
  public static final Duration VALID = Duration.ofMinutes(3);

  /**
   * When what a silent node held goes to others, by the database's clock: later than the node
   * stops, even if its clock is slower by a third.
   */
  public static final Duration RECLAIM = Duration.ofMinutes(5);

  /** No node serves for so long without a control plane: a day is the most. */
  private static final Duration RESERVE_RECLAIM = Duration.ofHours(48);

  /** Not a tenant's: how the reserve of all limits is divided. */
  private static final Limit RESERVE = new Limit("", "");

  private final Transactions transactions;

  public RateShares(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * What a limit is called.
   *
   * @param tenant whose it is; empty, as the name: the reserve of all
   */
  public record Limit(String tenant, String name) {
    public Limit {
      Objects.requireNonNull(tenant, "tenant");
      Objects.requireNonNull(name, "name");
    }
  }

  /** A node asks for a share. */
  public record Asked(Limit limit, ShareAsk ask) {}

  /**
   * It is given one.
   *
   * @param valid from when it asked; zero: for as long as the node runs
   */
  public record Granted(Limit limit, ShareGrant grant, Duration valid) {}

  /** Answers what is new among a node's asks; one of a limit that is not there with nothing. */
  public List<Granted> ask(String node, List<Asked> asks) throws SQLException {
    Map<Limit, ShareAsk> byLimit =
        new TreeMap<>(Comparator.comparing(Limit::tenant).thenComparing(Limit::name));
    asks.forEach(asked -> byLimit.put(asked.limit(), asked.ask()));
    return transactions.inOne(connection -> answer(new RateShareRows(connection), node, byLimit));
  }

  private static List<Granted> answer(RateShareRows rows, String node, Map<Limit, ShareAsk> asks)
      throws SQLException {
    List<Granted> grants = new ArrayList<>();
    Map<Limit, SharedLimit> changed =
        new TreeMap<>(Comparator.comparing(Limit::tenant).thenComparing(Limit::name));
    for (RateShareRows.Row row : rows.lock(asks.keySet())) {
      ShareAsk ask = Objects.requireNonNull(asks.get(row.limit()));
      boolean isReserve = row.limit().equals(RESERVE);
      Units total = isReserve ? FleetReserve.PARTS : FleetReserve.lent(row.total());
      SharedLimit before = row.state().orElseGet(() -> SharedLimit.unused(total, row.nowMillis()));
      Duration reclaim = isReserve ? RESERVE_RECLAIM : RECLAIM;
      SharedLimit.Step step = before.ask(total, node, ask, row.nowMillis(), reclaim.toMillis());
      changed.put(row.limit(), step.next());
      step.grant()
          .ifPresent(grant ->
              grants.add(new Granted(row.limit(), grant, isReserve ? Duration.ZERO : VALID)));
    }
    rows.write(changed);
    return grants;
  }
}
