package dev.penstock.controlplane.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * An insert of any number of rows in one statement, with one array for each column: the database
 * plans it once and reads as many arguments as there are columns, however many rows come.
 *
 * @param <R> what a row is made of
 */
public final class ColumnInsert<R> {

  private final List<Column<R>> columns;
  private final String sql;

  /**
   * One column.
   *
   * @param type what the array's elements are cast to
   * @param array the column of some rows, as the driver sends arrays in their binary form: {@code
   *     String[]}, {@code long[]} or {@code boolean[]}
   */
  public record Column<R>(String name, String type, Function<List<R>, Object> array) {

    /** Of texts, or of what the database reads from texts. */
    public static <R> Column<R> text(String name, String type, Function<R, String> value) {
      return new Column<>(name, type, rows -> rows.stream().map(value).toArray(String[]::new));
    }

    /** Of texts. */
    public static <R> Column<R> text(String name, Function<R, String> value) {
      return text(name, "text", value);
    }

    /** Of numbers of any length. */
    public static <R> Column<R> number(String name, String type, ToLongFunction<R> value) {
      return new Column<>(name, type, rows -> rows.stream().mapToLong(value).toArray());
    }

    /** Of numbers of 64 bits. */
    public static <R> Column<R> number(String name, ToLongFunction<R> value) {
      return number(name, "int8", value);
    }

    /** Of truth values. */
    public static <R> Column<R> flag(String name, Predicate<R> value) {
      return new Column<>(name, "boolean", rows -> flags(rows, value));
    }

    private static <R> boolean[] flags(List<R> rows, Predicate<R> value) {
      boolean[] flags = new boolean[rows.size()];
      for (int i = 0; i < flags.length; i++) {
        flags[i] = value.test(rows.get(i));
      }
      return flags;
    }
  }

  /**
   * Into a table.
   *
   * @param table may have an alias
   * @param conflict what happens to rows that are there; may be empty
   */
  public ColumnInsert(String table, List<Column<R>> columns, String conflict) {
    this.columns = List.copyOf(columns);
    String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
    String cast =
        columns.stream()
            .map(column -> "t.%s::%s".formatted(column.name(), column.type()))
            .collect(Collectors.joining(", "));
    String places = columns.stream().map(column -> "?").collect(Collectors.joining(", "));
    sql =
        "INSERT INTO %1$s (%2$s) SELECT %3$s FROM unnest(%4$s) AS t (%2$s) %5$s"
            .formatted(table, names, cast, places, conflict);
  }

  /** Inserts rows, in their order. */
  public void insert(Connection connection, List<R> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      for (int i = 0; i < columns.size(); i++) {
        insert.setObject(i + 1, columns.get(i).array().apply(rows));
      }
      insert.executeUpdate();
    }
  }
}
