package dev.penstock.controlplane.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Appends events on the connection of whoever changes something: in the same transaction. */
public final class AuditRows {

  private static final String INSERT =
      """
      INSERT INTO audit.event (at, actor, action, resource, tenant_path, before_hash, after_hash,
        outcome, reason, revision, request_id, api_key_id, occurrences)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
      """;

  private final Connection connection;

  public AuditRows(Connection connection) {
    this.connection = connection;
  }

  /** Appends events in their order. */
  public void append(List<AuditEvent> events) throws SQLException {
    if (events.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (AuditEvent event : events) {
        bind(insert, event);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private void bind(PreparedStatement insert, AuditEvent event) throws SQLException {
    insert.setObject(1, event.at().atOffset(ZoneOffset.UTC));
    insert.setString(2, event.actor());
    insert.setString(3, event.action().word());
    insert.setString(4, event.resource());
    insert.setArray(5, connection.createArrayOf("text", event.tenantPath().toArray()));
    insert.setBytes(6, bytes(event.before()));
    insert.setBytes(7, bytes(event.after()));
    insert.setString(8, event.outcome().word());
    insert.setString(9, event.reason());
    insert.setLong(10, event.revision());
    insert.setObject(11, event.requestId().orElse(null));
    insert.setString(12, event.apiKeyId());
    insert.setLong(13, event.occurrences());
  }

  private static byte @Nullable [] bytes(Optional<String> hash) {
    return hash.map(HexFormat.of()::parseHex).orElse(null);
  }
}
