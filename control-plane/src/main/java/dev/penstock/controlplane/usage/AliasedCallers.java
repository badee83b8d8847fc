package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.usage.RequestRecord.Caller;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import dev.penstock.kernel.policy.TenantAlias;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives callers their names back that a node did not get to know, because their tenant may not be
 * in its region: the record belongs to the tenant all the same. The key's id leads there.
 */
final class AliasedCallers {

  private static final String OWNERS =
      """
      WITH RECURSIVE up AS (
        SELECT k.key_id, k.name AS key_name, t.name AS tenant, t.parent, ARRAY[t.name] AS path
        FROM policy.api_key k JOIN policy.tenant t ON t.name = k.tenant
        WHERE k.key_id = ANY (?)
        UNION ALL
        SELECT up.key_id, up.key_name, up.tenant, above.parent, above.name || up.path
        FROM up JOIN policy.tenant above ON above.name = up.parent
      )
      SELECT key_id, key_name, tenant, path FROM up WHERE parent IS NULL\
      """;

  private AliasedCallers() {}

  static List<SpoolEntry> named(Connection connection, List<SpoolEntry> entries)
      throws SQLException {
    Set<String> keyIds =
        entries.stream()
            .filter(AliasedCallers::isAliased)
            .map(entry -> caller(entry).apiKeyId())
            .collect(Collectors.toSet());
    if (keyIds.isEmpty()) {
      return entries;
    }
    Map<String, Caller> owners = owners(connection, keyIds);
    List<SpoolEntry> named = new ArrayList<>(entries.size());
    for (SpoolEntry entry : entries) {
      Caller owner = isAliased(entry) ? owners.get(caller(entry).apiKeyId()) : null;
      named.add(owner == null ? entry : entry.by(owner));
    }
    return named;
  }

  private static boolean isAliased(SpoolEntry entry) {
    return entry.content() instanceof Content.Request(RequestRecord record)
        && TenantAlias.isAlias(record.caller().tenant());
  }

  private static Caller caller(SpoolEntry entry) {
    return ((Content.Request) entry.content()).record().caller();
  }

  private static Map<String, Caller> owners(Connection connection, Set<String> keyIds)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OWNERS)) {
      select.setArray(1, connection.createArrayOf("text", keyIds.toArray()));
      Map<String, Caller> owners = new HashMap<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          owners.put(
              rows.getString("key_id"),
              new Caller(
                  rows.getString("tenant"),
                  List.of((String[]) rows.getArray("path").getArray()),
                  rows.getString("key_id"),
                  rows.getString("key_name"),
                  "",
                  Map.of()));
        }
      }
      return owners;
    }
  }
}
