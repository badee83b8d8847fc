package dev.penstock.controlplane.revision;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

@Entity(name = "Revision")
@Immutable
@Table(schema = "policy", name = "revision")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class RevisionEntity {

  private static final String KIND = "kind";
  private static final String TENANT = "tenant";
  private static final String NAME = "name";
  private static final String ACTION = "action";

  @Id long revision;
  String author;
  Instant at;
  @Nullable Long rollbackOf;

  @JdbcTypeCode(SqlTypes.JSON)
  List<Map<String, String>> changes;

  static RevisionEntity of(
      long revision, String author, Instant at, Optional<Long> rollbackOf, List<Change> changes) {
    RevisionEntity entity = new RevisionEntity();
    entity.revision = revision;
    entity.author = author;
    entity.at = at;
    entity.rollbackOf = rollbackOf.orElse(null);
    entity.changes = changes.stream().map(RevisionEntity::row).toList();
    return entity;
  }

  private static Map<String, String> row(Change change) {
    Map<String, String> row = new TreeMap<>();
    row.put(KIND, change.kind());
    change.tenant().ifPresent(tenant -> row.put(TENANT, tenant));
    row.put(NAME, change.name());
    row.put(ACTION, change.action().name());
    return row;
  }

  Revision toRevision() {
    return new Revision(
        revision,
        author,
        at,
        Optional.ofNullable(rollbackOf),
        changes.stream().map(RevisionEntity::change).toList());
  }

  private static Change change(Map<String, String> row) {
    return new Change(
        row.getOrDefault(KIND, ""),
        Optional.ofNullable(row.get(TENANT)),
        row.getOrDefault(NAME, ""),
        Change.Action.valueOf(row.getOrDefault(ACTION, "")));
  }
}
