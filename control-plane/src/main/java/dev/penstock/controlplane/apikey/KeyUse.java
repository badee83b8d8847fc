package dev.penstock.controlplane.apikey;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** When API keys were last used, as far as nodes have reported it. */
@Singleton
public class KeyUse {

  private final DataSource database;

  KeyUse(DataSource database) {
    this.database = database;
  }

  /** Notes uses in the caller's transaction; only later ones count. */
  public static void note(Connection connection, Map<String, Instant> byKeyId) throws SQLException {
    try (PreparedStatement upsert =
        connection.prepareStatement(
            """
            INSERT INTO usage.api_key_use (key_id, last_used_at) VALUES (?, ?)
            ON CONFLICT (key_id) DO UPDATE SET last_used_at = excluded.last_used_at
              WHERE excluded.last_used_at > api_key_use.last_used_at\
            """)) {
      // In one order everywhere, so that two batches never wait for each other.
      for (Map.Entry<String, Instant> use : new TreeMap<>(byKeyId).entrySet()) {
        upsert.setString(1, use.getKey());
        upsert.setTimestamp(2, Timestamp.from(use.getValue()));
        upsert.addBatch();
      }
      upsert.executeBatch();
    }
  }

  /** The last use of those keys that have been used. */
  Map<String, Instant> of(Collection<String> keyIds) {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT key_id, last_used_at FROM usage.api_key_use WHERE key_id = ANY (?)")) {
      select.setArray(1, connection.createArrayOf("text", keyIds.toArray()));
      Map<String, Instant> found = new HashMap<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.put(rows.getString(1), rows.getTimestamp(2).toInstant());
        }
      }
      return found;
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read the use of API keys", e);
    }
  }
}
