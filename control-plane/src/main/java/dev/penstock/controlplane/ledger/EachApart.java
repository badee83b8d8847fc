package dev.penstock.controlplane.ledger;

import java.sql.SQLException;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Does the same to one row after the other, where they belong to many tenants: one that cannot be
 * done keeps none of the others from it. Only where the database itself is away nothing is tried
 * on.
 */
final class EachApart {

  private static final Logger LOG = Logger.getLogger(EachApart.class);

  /** SQL state classes of a database that cannot be reached, has no room or is being shut down. */
  private static final Set<String> AWAY = Set.of("08", "53", "57");

  private static final int CLASS_LETTERS = 2;

  private EachApart() {}

  /** One transaction; returns how much it changed. */
  interface Work {
    int on(UUID id) throws SQLException;
  }

  /**
   * Returns how much was changed in all.
   *
   * @param what the ids are of, for the log
   */
  static int of(String what, Collection<UUID> ids, Work work) throws SQLException {
    int changed = 0;
    for (UUID id : ids) {
      try {
        changed += work.on(id);
      } catch (SQLException e) {
        if (isAway(e)) {
          throw e;
        }
        LOG.errorf(e, "%s %s is passed over", what, id);
      } catch (IllegalArgumentException | ArithmeticException e) { // its balances are impossible
        LOG.errorf(e, "%s %s is passed over", what, id);
      }
    }
    return changed;
  }

  private static boolean isAway(SQLException e) {
    String state = e.getSQLState();
    return state == null
        || state.length() < CLASS_LETTERS
        || AWAY.contains(state.substring(0, CLASS_LETTERS));
  }
}
