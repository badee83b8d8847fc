package dev.penstock.controlplane.database;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs work in one transaction of the database: committed as a whole or not at all.
 *
 * <p>For any thread that may wait, outside of a container's transaction. Work that lost against
 * another transaction (deadlock, serialisation) is run again, so it must not do anything but SQL.
 * An exception from the commit leaves open whether it happened: callers make their work idempotent.
 */
@Singleton
public class Transactions {

  private static final int ATTEMPTS = 3;
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final Set<String> LOST_RACES = Set.of(SERIALIZATION_FAILURE, "40P01");

  private final DataSource database;

  public Transactions(DataSource database) {
    this.database = database;
  }

  /** What happens within the transaction. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  /** For work that finds out by itself that another transaction was quicker. */
  public static SQLException lostRace(String sentence) {
    return new SQLException(sentence, SERIALIZATION_FAILURE);
  }

  /** Runs the work and commits. */
  public <T extends @Nullable Object> T inOne(Work<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(work);
      } catch (SQLException e) {
        if (attempt == ATTEMPTS || !LOST_RACES.contains(String.valueOf(e.getSQLState()))) {
          throw e;
        }
      }
    }
  }

  private <T extends @Nullable Object> T once(Work<T> work) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        rollback(connection, e);
        throw e;
      } finally {
        restore(connection);
      }
    }
  }

  private static void rollback(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException broken) {
      cause.addSuppressed(broken);
    }
  }

  private static void restore(Connection connection) {
    try {
      connection.setAutoCommit(true);
    } catch (SQLException broken) {
      // The pool throws a broken connection away; the work's own outcome is what counts.
    }
  }
}
