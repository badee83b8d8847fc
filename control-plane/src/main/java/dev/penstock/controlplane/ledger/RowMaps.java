package dev.penstock.controlplane.ledger;

import dev.penstock.kernel.ledger.LeaseBalance;
import dev.penstock.kernel.ledger.LeaseBalance.Standing;
import dev.penstock.kernel.ledger.WindowBalance;
import dev.penstock.kernel.ledger.WindowBalance.Mode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Rows of the ledger as records. */
final class RowMaps {

  /** SQL state of a value that means nothing. */
  private static final String INVALID = "22023";

  private RowMaps() {}

  static BudgetTerms terms(ResultSet row) throws SQLException {
    try {
      return new BudgetTerms(
          row.getObject("budget_id", UUID.class),
          row.getString("tenant"),
          row.getLong("amount_nano_usd"),
          Period.Every.of(row.getString("window_every")),
          ZoneId.of(row.getString("time_zone")),
          rolling(row),
          mode(row));
    } catch (DateTimeException unknownZone) {
      throw new SQLException(
          "budget " + row.getString("budget_id") + ": time zone", INVALID, unknownZone);
    }
  }

  private static Optional<Duration> rolling(ResultSet row) throws SQLException {
    long seconds = row.getLong("rolling_seconds");
    return row.wasNull() ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
  }

  private static Mode mode(ResultSet row) throws SQLException {
    return Mode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT));
  }

  static BudgetWindow window(ResultSet row) throws SQLException {
    WindowBalance balance =
        new WindowBalance(
            row.getObject("window_id", UUID.class),
            mode(row),
            row.getLong("limit_nusd"),
            row.getLong("pending_cut"),
            row.getLong("limit_moves"),
            row.getLong("available"),
            row.getLong("leased"),
            row.getLong("quarantined"),
            row.getLong("spent"),
            row.getLong("overage"),
            row.getLong("exposure"));
    return new BudgetWindow(
        row.getObject("budget_id", UUID.class),
        new Period(
            row.getTimestamp("starts_at").toInstant(), row.getTimestamp("ends_at").toInstant()),
        balance);
  }

  static LeaseBalance lease(ResultSet row) throws SQLException {
    return new LeaseBalance(
        row.getObject("lease_id", UUID.class),
        row.getObject("window_id", UUID.class),
        row.getString("node"),
        row.getObject("spool_id", UUID.class),
        Standing.valueOf(row.getString("state")),
        row.getLong("granted"),
        row.getLong("returned"),
        row.getLong("given_back"),
        row.getLong("settled"),
        row.getLong("overdrawn"),
        row.getLong("presumed"),
        row.getLong("quarantined"),
        row.getLong("exposed"),
        row.getLong("recall_total"));
  }
}
