package dev.penstock.controlplane.threshold;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.ledger.LeaseAnswer;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Which windows could not pay for an exchange that waited. Noted once for each limit that a window
 * has had: nodes may ask many times a second.
 */
@Singleton
public class Refusals {

  private static final Logger LOG = Logger.getLogger(Refusals.class);
  private static final int MANY = 10_000;
  private static final String NOTE =
      """
      INSERT INTO ledger.window_refusal (window_id, limit_moves)
      SELECT window_id, limit_moves FROM ledger.budget_window WHERE window_id = ?
      ON CONFLICT (window_id) DO UPDATE SET limit_moves = excluded.limit_moves\
      """;

  private final Transactions transactions;
  private final Map<UUID, Long> noted = new ConcurrentHashMap<>(); // limits, by window

  Refusals(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Looks at an answer to a node that needs so much; what cannot be noted now will come again. */
  public void look(long needTotal, LeaseAnswer answer) {
    if (!(answer instanceof LeaseAnswer.Granted granted)
        || !granted.exhausted()
        || granted.recalling()
        || granted.grantedTotal() >= needTotal
        || Long.valueOf(granted.windowLimit()).equals(noted.get(granted.windowId()))) {
      return;
    }
    try {
      transactions.inOne(connection -> note(connection, granted.windowId()));
      if (noted.size() >= MANY) {
        noted.clear();
      }
      noted.put(granted.windowId(), granted.windowLimit());
    } catch (SQLException e) {
      LOG.debugf("cannot note a refusal: %s", e.getMessage());
    }
  }

  private static int note(Connection connection, UUID windowId) throws SQLException {
    try (PreparedStatement note = connection.prepareStatement(NOTE)) {
      note.setObject(1, windowId);
      return note.executeUpdate();
    }
  }
}
