package dev.penstock.controlplane.usage;

import java.sql.SQLException;

/** Whether the database failed, or refused what it was given. */
final class DataRefused {

  private DataRefused() {}

  /**
   * SQL state classes 22 (value out of range and the like), 23 (a check failed) and 54 (too long
   * for an index).
   */
  static boolean is(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
  }
}
