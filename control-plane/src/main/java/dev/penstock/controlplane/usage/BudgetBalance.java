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
 * @param leased with nodes; what requests under way hold is part of it
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
    String quarantined,
    String spent,
    String overage) {

  static BudgetBalance of(ResultSet row) throws SQLException {
    Map<String, String> scope = new TreeMap<>();
    put(scope, "apiKey", row.getString("scope_api_key"));
    put(scope, "subject", row.getString("scope_subject"));
    put(scope, "model", row.getString("scope_model"));
    put(scope, "provider", row.getString("scope_provider"));
    String tag = row.getString("scope_tag_name");
    if (tag != null) {
      put(scope, "tag", tag + "=" + row.getString("scope_tag_value"));
    }
    return new BudgetBalance(
        row.getString("tenant"),
        List.of((String[]) row.getArray("path").getArray()),
        row.getString("name"),
        scope,
        row.getString("mode"),
        instant(row.getObject("starts_at", OffsetDateTime.class)),
        instant(row.getObject("ends_at", OffsetDateTime.class)),
        row.getString("limit_nusd"),
        row.getString("available"),
        row.getString("leased"),
        row.getString("quarantined"),
        row.getString("spent"),
        row.getString("overage"));
  }

  private static void put(Map<String, String> scope, String field, @Nullable String value) {
    if (value != null) {
      scope.put(field, value);
    }
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime at) {
    return at == null ? null : at.toInstant();
  }
}
