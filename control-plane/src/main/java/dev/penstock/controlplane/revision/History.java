package dev.penstock.controlplane.revision;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.problem.Finding;
import dev.penstock.controlplane.problem.ProblemException;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What each revision changed, as manifests are shown; appended in the transaction of the write and
 * kept for {@value #KEPT_REVISIONS} revisions. No secret and no key is in it, as none is in a
 * manifest.
 */
@Singleton
class History {

  /** As the function that retires what is older knows it, too. */
  static final long KEPT_REVISIONS = 10_000;

  private static final int RETIRE_EVERY = 256;

  private final DataSource database;
  private final ObjectMapper json;

  History(DataSource database, ObjectMapper json) {
    this.database = database;
    this.json = json;
  }

  /** What a resource was at a revision; absent: there was none. */
  record Past(ResourceRef ref, Optional<ObjectNode> spec) {}

  void append(long revision, List<Touched> touched) {
    try (Connection connection = database.getConnection()) {
      try (PreparedStatement insert =
          connection.prepareStatement(
              """
              INSERT INTO policy.resource_change
                (revision, position, kind, tenant, name, before, after)
              VALUES (?, ?, ?, ?, ?, ?::jsonb, ?::jsonb)\
              """)) {
        for (int position = 0; position < touched.size(); position++) {
          Touched each = touched.get(position);
          insert.setLong(1, revision);
          insert.setInt(2, position);
          insert.setString(3, each.ref().kind().label());
          insert.setString(4, each.ref().tenant().orElse(""));
          insert.setString(5, each.ref().name());
          insert.setString(6, each.before().map(ObjectNode::toString).orElse(null));
          insert.setString(7, each.after().map(ObjectNode::toString).orElse(null));
          insert.addBatch();
        }
        insert.executeBatch();
      }
      if (revision % RETIRE_EVERY == 0) {
        try (PreparedStatement retire =
            connection.prepareStatement("SELECT policy.retire_resource_changes()")) {
          retire.execute();
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot append to the history", e);
    }
  }

  /**
   * What every resource that was changed after a revision had been at it.
   *
   * @throws ProblemException if there is no such revision, or not all that followed it is kept
   */
  List<Past> at(long revision) {
    try (Connection connection = database.getConnection()) {
      requireKept(connection, revision);
      try (PreparedStatement select =
          connection.prepareStatement(
              """
              SELECT DISTINCT ON (kind, tenant, name) kind, tenant, name, before
              FROM policy.resource_change WHERE revision > ?
              ORDER BY kind, tenant, name, revision, position\
              """)) {
        select.setLong(1, revision);
        List<Past> pasts = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            pasts.add(
                new Past(
                    ref(rows.getString(1), rows.getString(2), rows.getString(3)),
                    spec(rows.getString(4))));
          }
        }
        return pasts;
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot read the history", e);
    }
  }

  private static void requireKept(Connection connection, long revision) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT EXISTS (SELECT FROM policy.revision WHERE revision = ?),
              (SELECT max(r.revision) FROM policy.revision r
               WHERE r.revision > ? AND r.changes <> '[]' AND NOT EXISTS (
                 SELECT FROM policy.resource_change c WHERE c.revision = r.revision))\
            """)) {
      select.setLong(1, revision);
      select.setLong(2, revision);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        if (!row.getBoolean(1)) {
          throw ProblemException.notFound("revision " + revision + " does not exist");
        }
        long lost = row.getLong(2);
        if (lost > 0) {
          throw ProblemException.conflict(
              List.of(
                  new Finding(
                      "revision",
                      "what revision %d changed is not kept (expected: revision %d or a later one)"
                          .formatted(lost, lost))));
        }
      }
    }
  }

  private static ResourceRef ref(String label, String tenant, String name) {
    Kind kind =
        Kind.ofLabel(label)
            .orElseThrow(() ->
                ProblemException.conflict(
                    List.of(new Finding("revision", "this build does not know kind " + label))));
    return new ResourceRef(kind, tenant.isEmpty() ? Optional.empty() : Optional.of(tenant), name);
  }

  private Optional<ObjectNode> spec(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of((ObjectNode) Objects.requireNonNull(json.readTree(text)));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("the history is not JSON", impossible);
    }
  }
}
