package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.database.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The days for which records can be stored: each is a partition, made before it is needed.
 *
 * <p>Outside of ingest's own transactions, because making one locks the whole table for a moment.
 */
@Singleton
public class RecordDays {

  private static final int AHEAD = 3;

  private final Transactions transactions;
  private final Set<LocalDate> open = ConcurrentHashMap.newKeySet();

  public RecordDays(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Makes sure that a day and the next ones are there; asks the database once a day. */
  void ensure(LocalDate day) throws SQLException {
    if (open.contains(day)) {
      return;
    }
    for (int i = 0; i <= AHEAD; i++) {
      LocalDate wanted = day.plusDays(i);
      transactions.inOne(connection -> openDay(connection, wanted));
    }
    open.add(day);
  }

  private static boolean openDay(Connection connection, LocalDate day) throws SQLException {
    try (PreparedStatement function = connection.prepareStatement("SELECT usage.open_day(?)")) {
      function.setObject(1, day);
      return function.execute();
    }
  }
}
