package dev.penstock.controlplane.usage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A budget and where its money is in the window of now; amounts in nano-USD, as strings of digits.
 *
 * @param tenantPath from the root to the tenant that has the budget
 * @param scope to what of the tenant's requests it is narrowed, by field
 * @param startsAt null where nothing has been charged in this period: all of it is free
 * @param endsAt null as well where the window rolls
 * @param leased with nodes; {@code held} is part of it
 * @param held what requests under way may cost at most, as nodes said with their last sign of life,
 *     seconds ago
 * @param quarantined leased to nodes of which nothing is heard
 */
public record BudgetBalance(
    String tenant,
    List<String> tenantPath,
    String name,
    Map<String, String> scope,
    String mode,
    @Nullable Instant startsAt,
    @Nullable Instant endsAt,
    String limit,
    String available,
    String leased,
    String held,
    String quarantined,
    String spent,
    String overage) {

  private static final String NOTHING = "0";

  /** Of a window that nobody has needed yet. */
  static BudgetBalance untouched(ResultSet budget) throws SQLException {
    Map<String, String> scope = new TreeMap<>();
    put(scope, "apiKey", budget.getString("scope_api_key"));
    put(scope, "subject", budget.getString("scope_subject"));
    put(scope, "model", budget.getString("scope_model"));
    put(scope, "provider", budget.getString("scope_provider"));
    String tag = budget.getString("scope_tag_name");
    if (tag != null) {
      put(scope, "tag", tag + "=" + budget.getString("scope_tag_value"));
    }
    String amount = budget.getString("amount_nano_usd");
    return new BudgetBalance(
        budget.getString("tenant"),
        List.of((String[]) budget.getArray("path").getArray()),
        budget.getString("name"),
        scope,
        budget.getString("mode"),
        null,
        null,
        amount,
        amount,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING,
        NOTHING);
  }

  /** The same with what its window has. */
  BudgetBalance in(ResultSet window) throws SQLException {
    window.getLong("rolling_seconds");
    boolean rolls = !window.wasNull();
    return new BudgetBalance(
        tenant,
        tenantPath,
        name,
        scope,
        mode,
        instant(window, "starts_at"),
        rolls ? null : instant(window, "ends_at"),
        window.getString("limit_nusd"),
        window.getString("available"),
        window.getString("leased"),
        window.getString("held"),
        window.getString("quarantined"),
        window.getString("spent"),
        window.getString("overage"));
  }

  private static void put(Map<String, String> scope, String field, @Nullable String value) {
    if (value != null) {
      scope.put(field, value);
    }
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
