package dev.penstock.controlplane.enrolment;

import dev.penstock.controlplane.audit.AuditEvent;
import dev.penstock.controlplane.audit.AuditRows;
import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.enrolment.JoinTokenRows.Stored;
import dev.penstock.controlplane.secret.Peppers;
import dev.penstock.kernel.apikey.ApiKey;
import dev.penstock.kernel.apikey.KeyHash;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * One-time tokens with which nodes join. They have the form of API keys, so that secret scanners
 * find them, and are stored as API keys are: as a hash under a pepper.
 */
@Singleton
class JoinTokens {

  static final Duration LONGEST = Duration.ofMinutes(10);
  static final String ROLE = "node";

  /** Stands where an API key says what it is for. */
  private static final String PURPOSE = "join";

  private static final String PREFIX = "pens_" + PURPOSE + "_";

  private final Transactions transactions;
  private final DataSource database;
  private final Peppers peppers;
  private final SecureRandom random = new SecureRandom();

  JoinTokens(Transactions transactions, DataSource database, Peppers peppers) {
    this.transactions = transactions;
    this.database = database;
    this.peppers = peppers;
  }

  /** A token that was made just now; its text is nowhere else. */
  record Made(JoinToken token, String text) {
    @Override
    public String toString() {
      return "Made[" + token + "]";
    }
  }

  /**
   * Makes a token, in the caller's transaction; one that names a node lets that node in again where
   * it is barred.
   */
  Made make(String by, String region, Optional<String> node, Duration life, Instant now) {
    ApiKey secret = ApiKey.mint(PURPOSE, random);
    Map.Entry<Integer, byte[]> pepper = peppers.all().lastEntry();
    JoinToken token =
        new JoinToken(
            secret.id(), region, node.orElse(null), ROLE, by, now, now.plus(life), null, null);
    Stored stored = new Stored(token, new KeyHash(pepper.getValue()).of(secret), pepper.getKey());
    String what = node.map(name -> "node " + name).orElse("a new node");
    try (Connection connection = database.getConnection()) {
      if (node.isPresent()) {
        NodeCertificates.lockName(connection, node.get());
        NodeCertificates.liftBar(connection, node.get());
      }
      new JoinTokenRows(connection).insert(stored);
      new AuditRows(connection)
          .append(
              List.of(
                  AuditEvent.deed(
                      now,
                      by,
                      AuditEvent.Action.CREATE,
                      "JoinToken " + token.id(),
                      "for " + what + " of region " + region)));
      return new Made(token, secret.text());
    } catch (SQLException e) {
      throw new IllegalStateException("cannot make a join token", e);
    }
  }

  /** The token of a text, if it is one of ours, whatever has become of it. */
  Optional<JoinToken> find(String text) throws SQLException {
    Optional<ApiKey> key = text.startsWith(PREFIX) ? ApiKey.parse(text) : Optional.empty();
    if (key.isEmpty()) {
      return Optional.empty(); // not worth a look into the database
    }
    Optional<Stored> stored =
        transactions.inOne(connection -> new JoinTokenRows(connection).find(key.get().id()));
    return stored.filter(found -> matches(key.get(), found)).map(Stored::token);
  }

  private boolean matches(ApiKey key, Stored stored) {
    byte[] pepper = peppers.all().get(stored.pepperVersion());
    return pepper != null && new KeyHash(pepper).matches(key, stored.hash());
  }

  /** All that are remembered: unused ones, and used and expired ones for some time. */
  List<JoinToken> all() throws SQLException {
    return transactions.inOne(connection -> new JoinTokenRows(connection).all());
  }

  /** Takes a token back; false where there is none. */
  boolean delete(String by, String id, Instant now) throws SQLException {
    return transactions.inOne(connection -> {
      boolean deleted = new JoinTokenRows(connection).delete(id);
      if (deleted) {
        new AuditRows(connection)
            .append(
                List.of(AuditEvent.deed(now, by, AuditEvent.Action.DELETE, "JoinToken " + id, "")));
      }
      return deleted;
    });
  }
}
