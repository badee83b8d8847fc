package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.member.Member;
import dev.penstock.controlplane.usage.RequestRecord.Caller;
import dev.penstock.controlplane.usage.SpoolEntry.Content;
import dev.penstock.kernel.policy.TenantAlias;
import java.sql.Array;
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
 * in its region: the record belongs to the tenant all the same. What leads there is the id of the
 * API key, or the hash of a service account's client, which stands for its subject.
 */
final class AliasedCallers {

  /** Both in one list: an id of a key is ten characters, a hash is 64. */
  private static final String OWNERS =
      """
      WITH RECURSIVE known AS (
        SELECT key_id AS id, key_id, name AS key_name, '' AS subject, tenant FROM policy.api_key
        WHERE key_id = ANY (?)
        UNION ALL
        SELECT client_hash, '', '', ? || tenant || '.' || name, tenant FROM policy.member
        WHERE client_hash = ANY (?)
      ), up AS (
        SELECT k.*, t.parent, ARRAY[t.name] AS path FROM known k JOIN policy.tenant t ON t.name = k.tenant
        UNION ALL
        SELECT up.id, up.key_id, up.key_name, up.subject, up.tenant, above.parent, above.name || up.path
        FROM up JOIN policy.tenant above ON above.name = up.parent
      )
      SELECT id, key_id, key_name, subject, tenant, path FROM up WHERE parent IS NULL\
      """;

  private AliasedCallers() {}

  static List<SpoolEntry> named(Connection connection, List<SpoolEntry> entries)
      throws SQLException {
    Set<String> ids =
        entries.stream()
            .filter(AliasedCallers::isAliased)
            .map(AliasedCallers::id)
            .collect(Collectors.toSet());
    if (ids.isEmpty()) {
      return entries;
    }
    Map<String, Caller> owners = owners(connection, ids);
    List<SpoolEntry> named = new ArrayList<>(entries.size());
    for (SpoolEntry entry : entries) {
      Caller owner = isAliased(entry) ? owners.get(id(entry)) : null;
      named.add(owner == null ? entry : entry.by(owner));
    }
    return named;
  }

  private static boolean isAliased(SpoolEntry entry) {
    return entry.content() instanceof Content.Request(RequestRecord record)
        && TenantAlias.isAlias(record.caller().tenant());
  }

  private static String id(SpoolEntry entry) {
    Caller caller = ((Content.Request) entry.content()).record().caller();
    return caller.apiKeyId().isEmpty() ? caller.subject() : caller.apiKeyId();
  }

  private static Map<String, Caller> owners(Connection connection, Set<String> ids)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OWNERS)) {
      Array wanted = connection.createArrayOf("text", ids.toArray());
      select.setArray(1, wanted);
      select.setString(2, Member.CLIENT_PREFIX);
      select.setArray(3, wanted);
      Map<String, Caller> owners = new HashMap<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          owners.put(
              rows.getString("id"),
              new Caller(
                  rows.getString("tenant"),
                  List.of((String[]) rows.getArray("path").getArray()),
                  rows.getString("key_id"),
                  rows.getString("key_name"),
                  rows.getString("subject"),
                  Map.of()));
        }
      }
      return owners;
    }
  }
}
