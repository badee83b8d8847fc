package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.ListQuery;
import dev.penstock.controlplane.listing.ListQuery.SortKey;
import dev.penstock.controlplane.listing.Listed;
import dev.penstock.controlplane.listing.TableList;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The numbered history of writes. */
@Singleton
public class Revisions {

  private static final Field REVISION = Field.column("revision", Field.Type.LONG);
  private static final List<SortKey> NEWEST_FIRST = List.of(SortKey.down(REVISION));
  private static final List<Field> FIELDS =
      List.of(
          REVISION, Field.column("author", Field.Type.TEXT), Field.column("at", Field.Type.TIME));

  private final DataSource database;
  private final RevisionRows rows;

  Revisions(DataSource database, RevisionRows rows) {
    this.database = database;
    this.rows = rows;
  }

  @Singleton
  static class RevisionRows implements PanacheRepositoryBase<RevisionEntity, Long> {}

  /** The newest revision; 0 before the first. */
  public long head() {
    return number("SELECT revision FROM policy.head");
  }

  /**
   * Makes the caller's transaction the only writer until it ends, over all replicas, and answers
   * the newest revision.
   */
  long lock() {
    return number("SELECT revision FROM policy.head FOR UPDATE");
  }

  /** The next number, recorded with who did what. */
  long next(String author, Instant at, Optional<Long> rollbackOf, List<Change> changes) {
    long revision = number("UPDATE policy.head SET revision = revision + 1 RETURNING revision");
    rows.persistAndFlush(RevisionEntity.of(revision, author, at, rollbackOf, changes));
    return revision;
  }

  /** What the revisions after one have changed, in their order. */
  List<Change> changesAfter(long revision) {
    return rows.list("revision > ?1 order by revision", revision).stream()
        .flatMap(entity -> entity.toRevision().changes().stream())
        .toList();
  }

  /** When the first revision after one was made; empty if there is none, or it is not kept. */
  @Transactional
  public Optional<Instant> firstAfter(long revision) {
    return rows.find("revision > ?1 order by revision", revision)
        .firstResultOptional()
        .map(entity -> entity.at);
  }

  /** When a revision was made; null: there is none. */
  @Nullable Instant at(long revision) {
    return rows.findByIdOptional(revision).map(entity -> entity.at).orElse(null);
  }

  /** Whether a resource of a kind was deleted in one of the revisions after {@code revision}. */
  boolean deletedSince(long revision, String kind) {
    return rows.list("revision > ?1", revision).stream()
        .flatMap(entity -> entity.toRevision().changes().stream())
        .anyMatch(c -> c.kind().equals(kind) && c.action() == Change.Action.DELETED);
  }

  /** A page of the history, as {@link ListQuery#read} reads the parameters. */
  @Transactional
  public Listed<Revision> list(Map<String, List<String>> parameters, int limit) {
    TableList table =
        new TableList(ListQuery.read(parameters, FIELDS, NEWEST_FIRST, Set.of(), limit));
    List<Revision> found =
        rows.find(table.text(), table.parameters()).page(0, table.rows()).stream()
            .map(RevisionEntity::toRevision)
            .toList();
    return table.page(found, revision -> field -> value(revision, field));
  }

  private static Comparable<?> value(Revision revision, Field field) {
    return switch (field.name()) {
      case "author" -> revision.author();
      case "at" -> revision.at();
      default -> revision.revision();
    };
  }

  private long number(String sql) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot number a revision", e);
    }
  }
}
