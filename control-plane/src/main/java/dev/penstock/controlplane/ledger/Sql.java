package dev.penstock.controlplane.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements on one connection, with what they bring as records. */
record Sql(Connection connection) {

  /** Makes a record of a row. */
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** The first row, if there is any. */
  <T> Optional<T> one(String sql, Mapper<T> mapper, Object... arguments) throws SQLException {
    return all(sql, mapper, arguments).stream().findFirst();
  }

  /** All rows, in the order of the statement. */
  <T> List<T> all(String sql, Mapper<T> mapper, Object... arguments) throws SQLException {
    List<T> found = new ArrayList<>();
    try (PreparedStatement select = prepare(sql, arguments);
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        found.add(mapper.map(rows));
      }
    }
    return found;
  }

  /** Calls a function of the database for what it does: now, or on a {@link Trip}. */
  interface Caller {
    void call(String sql, @Nullable Object... arguments) throws SQLException;
  }

  /** Runs a function of the database for what it does. */
  void call(String sql, @Nullable Object... arguments) throws SQLException {
    try (PreparedStatement function = prepare(sql, arguments)) {
      function.execute();
    }
  }

  /** An argument that is an array; elements may be null. */
  Array array(String type, Collection<? extends @Nullable Object> elements) throws SQLException {
    return connection.createArrayOf(type, elements.toArray());
  }

  private PreparedStatement prepare(String sql, @Nullable Object... arguments) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }
}
