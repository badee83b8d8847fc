package dev.penstock.controlplane.row;

import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Kind.Owner;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Store;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.hibernate.Session;
import org.hibernate.query.SelectionQuery;

/**
 * Keeps each resource of a kind in a row of its own; a row of the platform has its name as id.
 *
 * @param <R> the resource as a record
 * @param <E> its row
 */
public final class RowStore<R, E extends Row<R>> implements Store<R> {

  private final Session session;
  private final Kind kind;
  private final Class<E> type;
  private final Supplier<E> newRow;
  private final Function<R, ?> idOf;

  public RowStore(
      Session session, Kind kind, Class<E> type, Supplier<E> newRow, Function<R, ?> idOf) {
    this.session = session;
    this.kind = kind;
    this.type = type;
    this.newRow = newRow;
    this.idOf = idOf;
  }

  @Override
  public Kind kind() {
    return kind;
  }

  @Override
  public List<R> all() {
    return records(
        query(kind.owner() == Owner.PLATFORM ? "order by name" : "order by tenant, name"));
  }

  @Override
  public Optional<R> find(ResourceRef ref) {
    // By id where that is the name: it asks the session first, and does not flush it.
    return kind.owner() == Owner.PLATFORM
        ? Optional.ofNullable(session.find(type, ref.name())).map(Row::toRecord)
        : query("where tenant = ?1 and name = ?2", ref.owner(), ref.name())
            .uniqueResultOptional()
            .map(Row::toRecord);
  }

  @Override
  public Optional<String> create(R wanted) {
    E row = newRow.get();
    row.set(wanted);
    session.persist(row);
    return Optional.empty();
  }

  @Override
  public void update(R stored, R wanted) {
    row(stored).set(wanted);
  }

  @Override
  public void delete(R stored) {
    session.remove(row(stored));
  }

  @Override
  public List<R> page(Optional<String> tenant, String afterName, int limit) {
    SelectionQuery<E> after =
        kind.owner() == Owner.PLATFORM
            ? query("where name > ?1 order by name", afterName)
            : query(
                "where tenant = ?1 and name > ?2 order by name", tenant.orElseThrow(), afterName);
    return records(after.setMaxResults(limit));
  }

  @Override
  public List<ResourceRef> ownedBy(Collection<String> tenants) {
    if (kind.owner() == Owner.PLATFORM) {
      return List.of();
    }
    return session
        .createSelectionQuery(
            "select tenant, name from %s where tenant in ?1 order by tenant, name"
                .formatted(type.getName()),
            Object[].class)
        .setParameter(1, tenants)
        .stream()
        .map(row -> ResourceRef.ofTenant(kind, (String) row[0], (String) row[1]))
        .toList();
  }

  private E row(R stored) {
    return session.find(type, idOf.apply(stored));
  }

  private SelectionQuery<E> query(String clauses, String... arguments) {
    SelectionQuery<E> query =
        session.createSelectionQuery("from " + type.getName() + " " + clauses, type);
    for (int i = 0; i < arguments.length; i++) {
      query.setParameter(i + 1, arguments[i]);
    }
    return query;
  }

  private List<R> records(SelectionQuery<E> rows) {
    return rows.list().stream().map(Row::toRecord).toList();
  }
}
