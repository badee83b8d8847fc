package dev.penstock.controlplane.ledger;

import dev.penstock.controlplane.ledger.Sql.Mapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Statements that go to the database together and run there in their order, at the price of one
 * round trip: the driver sends what a semicolon parts in one go.
 */
final class Trip {

  private final Connection connection;
  private final List<Leg<?>> legs = new ArrayList<>();

  Trip(Connection connection) {
    this.connection = connection;
  }

  /** A statement that brings at most one row, once the trip is over. */
  static final class Leg<T> {
    private final String sql;
    private final Mapper<T> mapper;
    private final List<@Nullable Object> arguments;
    private @Nullable T row;

    private Leg(String sql, Mapper<T> mapper, List<@Nullable Object> arguments) {
      this.sql = sql;
      this.mapper = mapper;
      this.arguments = arguments;
    }

    /**
     * Its row.
     *
     * @throws SQLException if there was none
     */
    T row() throws SQLException {
      if (row == null) {
        throw new SQLException("no row: " + sql);
      }
      return row;
    }

    /** Its row, if there was one. */
    Optional<T> found() {
      return Optional.ofNullable(row);
    }

    private void read(ResultSet rows) throws SQLException {
      row = rows.next() ? mapper.map(rows) : null;
    }
  }

  <T> Leg<T> leg(String sql, Mapper<T> mapper, @Nullable Object... arguments) {
    Leg<T> leg = new Leg<>(sql, mapper, Arrays.asList(arguments));
    legs.add(leg);
    return leg;
  }

  /** Calls a function for what it does. */
  void call(String sql, @Nullable Object... arguments) {
    leg(sql, row -> true, arguments);
  }

  /** Sends all, and reads what comes. */
  void go() throws SQLException {
    String all = legs.stream().map(leg -> leg.sql).collect(Collectors.joining("; "));
    try (PreparedStatement statement = connection.prepareStatement(all)) {
      int index = 0;
      for (Leg<?> leg : legs) {
        for (Object argument : leg.arguments) {
          statement.setObject(++index, argument);
        }
      }
      statement.execute();
      for (Leg<?> leg : legs) {
        try (ResultSet rows = statement.getResultSet()) {
          leg.read(rows);
        }
        statement.getMoreResults();
      }
    }
  }
}
