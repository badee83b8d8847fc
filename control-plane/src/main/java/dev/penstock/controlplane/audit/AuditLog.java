package dev.penstock.controlplane.audit;

import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.identity.RowSecurity;
import dev.penstock.controlplane.identity.Scope;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events as auditors read them, and those that come with no transaction of their own. */
@Singleton
public class AuditLog {

  private final Transactions transactions;

  AuditLog(Transactions transactions) {
    this.transactions = transactions;
  }

  /** Appends an event in a transaction of its own: what it tells about has none. */
  void appendAlone(AuditEvent event) throws SQLException {
    RowSecurity.<@Nullable Void, SQLException>widened(() ->
        transactions.<@Nullable Void>inOne(connection -> {
          new AuditRows(connection).append(List.of(event));
          return null;
        }));
  }

  /** Events that match, in the order that was asked for. */
  List<AuditEventView> find(AuditQuery query) throws SQLException {
    return transactions.inOne(connection -> find(connection, query));
  }

  private static List<AuditEventView> find(Connection connection, AuditQuery query)
      throws SQLException {
    StringBuilder sql =
        new StringBuilder(
            """
            SELECT index, at, actor, action, resource, tenant_path, before_hash, after_hash,
              outcome, reason, revision, request_id, api_key_id, occurrences
            FROM audit.event WHERE true\
            """);
    List<Object> arguments = new ArrayList<>();
    query.actor().ifPresent(actor -> and(sql, arguments, "actor = ?", actor));
    query.action().ifPresent(action -> and(sql, arguments, "action = ?", action));
    query.resource().ifPresent(resource -> and(sql, arguments, "resource = ?", resource));
    query.tenant().ifPresent(name -> and(sql, arguments, "tenant_path @> ARRAY[?]::text[]", name));
    query.outcome().ifPresent(outcome -> and(sql, arguments, "outcome = ?", outcome));
    query.from().ifPresent(from -> and(sql, arguments, "at >= ?", from.atOffset(ZoneOffset.UTC)));
    query.to().ifPresent(to -> and(sql, arguments, "at < ?", to.atOffset(ZoneOffset.UTC)));
    String beyond = query.oldestFirst() ? "index > ?" : "index < ?";
    query.beyond().ifPresent(index -> and(sql, arguments, beyond, index));
    if (query.scope() instanceof Scope.Tenants(Set<String> names)) {
      and(sql, arguments, "tenant_path && ?", connection.createArrayOf("text", names.toArray()));
    }
    sql.append(query.oldestFirst() ? " ORDER BY index LIMIT ?" : " ORDER BY index DESC LIMIT ?");
    arguments.add(query.limit());
    try (PreparedStatement select = connection.prepareStatement(sql.toString())) {
      for (int i = 0; i < arguments.size(); i++) {
        select.setObject(i + 1, arguments.get(i));
      }
      List<AuditEventView> found = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(view(rows));
        }
      }
      return found;
    }
  }

  private static void and(
      StringBuilder sql, List<Object> arguments, String condition, Object argument) {
    sql.append(" AND ").append(condition);
    arguments.add(argument);
  }

  private static AuditEventView view(ResultSet row) throws SQLException {
    List<String> path = List.of((String[]) row.getArray("tenant_path").getArray());
    long revision = row.getLong("revision");
    return new AuditEventView(
        row.getLong("index"),
        row.getTimestamp("at").toInstant(),
        row.getString("actor"),
        row.getString("action"),
        known(row.getString("resource")),
        path.isEmpty() ? null : path.getLast(),
        path,
        hex(row.getBytes("before_hash")),
        hex(row.getBytes("after_hash")),
        row.getString("outcome"),
        known(row.getString("reason")),
        revision == 0 ? null : revision,
        row.getObject("request_id", UUID.class),
        known(row.getString("api_key_id")),
        row.getLong("occurrences"));
  }

  private static @Nullable String known(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable String hex(byte @Nullable [] hash) {
    return hash == null ? null : HexFormat.of().formatHex(hash);
  }
}
