package dev.penstock.controlplane.provisioning;

import dev.penstock.controlplane.database.Transactions;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The tenants of which the identity provider has not been told yet: one row each, so that it never
 * grows beyond them, and so that ten changes of a tenant are one thing to do.
 *
 * <p>Whoever works on a row claims it for a while. If that replica dies, the claim runs out and
 * another one begins anew. A change that comes while somebody works on its tenant stays due.
 */
@Singleton
public class ProvisioningOutbox {

  /** Far longer than the work on a tenant, whose calls each end after half a minute. */
  private static final Duration CLAIM = Duration.ofMinutes(2);

  private final DataSource database;
  private final Transactions transactions;

  ProvisioningOutbox(DataSource database, Transactions transactions) {
    this.database = database;
    this.transactions = transactions;
  }

  /**
   * A tenant to work on.
   *
   * @param revision up to which it is wanted
   * @param failures how often in a row it has failed
   */
  record Claim(String tenant, long revision, int failures) {}

  /** Notes that something about these tenants has changed, in the caller's transaction. */
  public void note(long revision, Collection<String> tenants) {
    if (tenants.isEmpty()) {
      return;
    }
    try (Connection connection = database.getConnection();
        PreparedStatement upsert =
            connection.prepareStatement(
                """
                INSERT INTO policy.provisioning (tenant, wanted_revision)
                SELECT tenant, ? FROM unnest(?) AS t (tenant) ORDER BY tenant
                ON CONFLICT (tenant) DO UPDATE SET wanted_revision = excluded.wanted_revision,
                  wanted_at = clock_timestamp(), due_at = clock_timestamp(), attempts = 0\
                """)) {
      upsert.setLong(1, revision);
      upsert.setArray(2, connection.createArrayOf("text", tenants.toArray()));
      upsert.executeUpdate();
    } catch (SQLException e) {
      // A change of which the identity provider would never hear must not be.
      throw new IllegalStateException("cannot note what is to be provisioned", e);
    }
  }

  /** The one that is due for longest and that nobody works on. */
  Optional<Claim> claim() throws SQLException {
    return transactions.inOne(connection -> {
      try (PreparedStatement claim =
          connection.prepareStatement(
              """
              UPDATE policy.provisioning
              SET claimed_until = clock_timestamp() + make_interval(secs => ?)
              WHERE tenant = (
                SELECT tenant FROM policy.provisioning
                WHERE due_at <= clock_timestamp()
                  AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
              RETURNING tenant, wanted_revision, attempts\
              """)) {
        claim.setLong(1, CLAIM.toSeconds());
        try (ResultSet row = claim.executeQuery()) {
          return row.next()
              ? Optional.of(new Claim(row.getString(1), row.getLong(2), row.getInt(3)))
              : Optional.empty();
        }
      }
    });
  }

  /** The identity provider knows all that was wanted. */
  void done(Claim claim) throws SQLException {
    finish(claim, "", Duration.ZERO);
  }

  /** It knows all but what it has no counterpart for yet; to be looked at again. */
  void waits(Claim claim, String reason, Duration again) throws SQLException {
    finish(claim, reason, again);
  }

  private void finish(Claim claim, String reason, Duration again) throws SQLException {
    transactions.inOne(connection -> {
      try (PreparedStatement update =
          connection.prepareStatement(
              """
              UPDATE policy.provisioning SET done_revision = ?, done_at = clock_timestamp(),
                claimed_until = NULL, attempts = 0, reason = ?,
                due_at = CASE WHEN wanted_revision > ? THEN due_at
                  WHEN ? THEN NULL
                  ELSE clock_timestamp() + make_interval(secs => ?) END
              WHERE tenant = ?\
              """)) {
        update.setLong(1, claim.revision());
        update.setString(2, reason);
        update.setLong(3, claim.revision());
        update.setBoolean(4, reason.isEmpty());
        update.setDouble(5, again.toMillis() / 1000.0);
        update.setString(6, claim.tenant());
        return update.executeUpdate();
      }
    });
  }

  /** The tenant is gone, and so is what the identity provider had of it. */
  void forget(Claim claim) throws SQLException {
    done(claim);
    transactions.inOne(connection -> {
      try (PreparedStatement delete =
          connection.prepareStatement(
              "DELETE FROM policy.provisioning WHERE tenant = ? AND wanted_revision = ?")) {
        delete.setString(1, claim.tenant());
        delete.setLong(2, claim.revision());
        return delete.executeUpdate();
      }
    });
  }

  /** To be tried again, no sooner than after this. */
  void failed(Claim claim, String reason, Duration again) throws SQLException {
    transactions.inOne(connection -> {
      try (PreparedStatement update =
          connection.prepareStatement(
              """
              UPDATE policy.provisioning SET claimed_until = NULL, attempts = attempts + 1,
                reason = ?, due_at = clock_timestamp() + make_interval(secs => ?)
              WHERE tenant = ?\
              """)) {
        update.setString(1, reason);
        update.setDouble(2, again.toMillis() / 1000.0);
        update.setString(3, claim.tenant());
        return update.executeUpdate();
      }
    });
  }

  /** Every tenant, by name. */
  List<Entry> all() throws SQLException {
    return transactions.inOne(connection -> {
      try (PreparedStatement select =
              connection.prepareStatement(
                  """
                  SELECT tenant, wanted_revision, wanted_at, done_revision, done_at, due_at,
                    attempts, reason
                  FROM policy.provisioning ORDER BY tenant\
                  """);
          ResultSet rows = select.executeQuery()) {
        List<Entry> entries = new ArrayList<>();
        while (rows.next()) {
          entries.add(
              new Entry(
                  rows.getString(1),
                  rows.getLong(2),
                  rows.getTimestamp(3).toInstant(),
                  rows.getLong(4),
                  instant(rows.getTimestamp(5)),
                  instant(rows.getTimestamp(6)),
                  rows.getInt(7),
                  rows.getString(8)));
        }
        return entries;
      }
    });
  }

  private static Optional<Instant> instant(@Nullable Timestamp at) {
    return Optional.ofNullable(at).map(Timestamp::toInstant);
  }
}
