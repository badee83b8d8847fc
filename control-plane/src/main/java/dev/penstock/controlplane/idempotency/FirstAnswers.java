package dev.penstock.controlplane.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;

/** The first answers of the last 24 hours, in the transaction of the caller. */
@Singleton
class FirstAnswers {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OLD = "created_at < clock_timestamp() - interval '24 hours'";

  private final DataSource database;

  FirstAnswers(DataSource database) {
    this.database = database;
  }

  /** An answer, and to which request. */
  record First(byte[] fingerprint, Answer answer) {}

  /**
   * Takes a key for this transaction; false if it has been taken in the last 24 hours. While
   * another transaction is at it, this waits for that one's end.
   */
  boolean reserve(String caller, IdempotencyKey key, byte[] fingerprint) {
    try (Connection connection = database.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                """
                INSERT INTO policy.idempotency_key AS taken (caller, key, fingerprint)
                VALUES (?, ?, ?)
                ON CONFLICT (caller, key) DO UPDATE
                  SET fingerprint = excluded.fingerprint, created_at = clock_timestamp()
                  WHERE taken.%s\
                """
                    .formatted(OLD))) {
      insert.setString(1, caller);
      insert.setString(2, key.value());
      insert.setBytes(3, fingerprint);
      return insert.executeUpdate() == 1;
    } catch (SQLException e) {
      throw new IllegalStateException("cannot take an idempotency key", e);
    }
  }

  void keep(String caller, IdempotencyKey key, Answer answer) {
    try (Connection connection = database.getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                """
                UPDATE policy.idempotency_key SET status = ?, headers = ?::jsonb, body = ?
                WHERE caller = ? AND key = ?\
                """)) {
      update.setInt(1, answer.status());
      update.setString(2, JSON.writeValueAsString(answer.headers()));
      update.setString(3, JSON.writeValueAsString(answer.body()));
      update.setString(4, caller);
      update.setString(5, key.value());
      update.executeUpdate();
    } catch (SQLException | JsonProcessingException e) {
      throw new IllegalStateException("cannot keep an answer", e);
    }
  }

  First find(String caller, IdempotencyKey key) {
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement(
                """
                SELECT fingerprint, status, headers, body FROM policy.idempotency_key
                WHERE caller = ? AND key = ?\
                """)) {
      select.setString(1, caller);
      select.setString(2, key.value());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new IllegalStateException("an answer was forgotten while it was asked for");
        }
        Map<String, String> headers =
            JSON.readValue(row.getString("headers"), new TypeReference<>() {});
        return new First(
            row.getBytes("fingerprint"),
            new Answer(row.getInt("status"), headers, JSON.readTree(row.getString("body"))));
      }
    } catch (SQLException | JsonProcessingException e) {
      throw new IllegalStateException("cannot read an answer", e);
    }
  }

  void forgetOld() {
    try (Connection connection = database.getConnection();
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM policy.idempotency_key WHERE " + OLD)) {
      delete.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException("cannot forget answers", e);
    }
  }
}
