package dev.penstock.controlplane.enrolment;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Join tokens in the database, on the connection of whoever has a transaction. */
final class JoinTokenRows {

  private static final String COLUMNS =
      "id, region, node, role, created_by, created_at, expires_at, redeemed_at, redeemed_by";

  private final Connection connection;

  JoinTokenRows(Connection connection) {
    this.connection = connection;
  }

  /** What a token is held against. */
  record Stored(JoinToken token, byte[] hash, int pepperVersion) {}

  void insert(Stored stored) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            INSERT INTO usage.join_token (id, hash, pepper_version, region, node, role, created_by,
              created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)\
            """)) {
      JoinToken token = stored.token();
      insert.setString(1, token.id());
      insert.setBytes(2, stored.hash());
      insert.setInt(3, stored.pepperVersion());
      insert.setString(4, token.region());
      insert.setString(5, token.node());
      insert.setString(6, token.role());
      insert.setString(7, token.createdBy());
      insert.setObject(8, utc(token.createdAt()));
      insert.setObject(9, utc(token.expiresAt()));
      insert.executeUpdate();
    }
  }

  Optional<Stored> find(String id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT " + COLUMNS + ", hash, pepper_version FROM usage.join_token WHERE id = ?")) {
      select.setString(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(new Stored(token(row), row.getBytes(10), row.getInt(11)))
            : Optional.empty();
      }
    }
  }

  /** Uses a token up; false where somebody else has, or its time is over. Two at once: one wins. */
  boolean redeem(String id, String node, Instant now) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            """
            UPDATE usage.join_token SET redeemed_at = ?, redeemed_by = ?
            WHERE id = ? AND redeemed_at IS NULL AND expires_at > ?\
            """)) {
      update.setObject(1, utc(now));
      update.setString(2, node);
      update.setString(3, id);
      update.setObject(4, utc(now));
      return update.executeUpdate() == 1;
    }
  }

  List<JoinToken> all() throws SQLException {
    try (PreparedStatement select =
            connection.prepareStatement("SELECT " + COLUMNS + " FROM usage.join_token");
        ResultSet rows = select.executeQuery()) {
      List<JoinToken> found = new ArrayList<>();
      while (rows.next()) {
        found.add(token(rows));
      }
      return found;
    }
  }

  boolean delete(String id) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM usage.join_token WHERE id = ?")) {
      delete.setString(1, id);
      return delete.executeUpdate() == 1;
    }
  }

  /** Tokens that a revoked node could still use, or whoever has stolen them. */
  void deleteUnusedOf(String node, String region) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement(
            """
            DELETE FROM usage.join_token
            WHERE redeemed_at IS NULL AND (node = ? OR (node IS NULL AND region = ?))\
            """)) {
      delete.setString(1, node);
      delete.setString(2, region);
      delete.executeUpdate();
    }
  }

  void deleteOlderThan(Instant at) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM usage.join_token WHERE expires_at < ?")) {
      delete.setObject(1, utc(at));
      delete.executeUpdate();
    }
  }

  private static JoinToken token(ResultSet row) throws SQLException {
    return new JoinToken(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getTimestamp(6).toInstant(),
        row.getTimestamp(7).toInstant(),
        instant(row.getTimestamp(8)),
        row.getString(9));
  }

  private static @Nullable Instant instant(@Nullable Timestamp at) {
    return at == null ? null : at.toInstant();
  }

  static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
