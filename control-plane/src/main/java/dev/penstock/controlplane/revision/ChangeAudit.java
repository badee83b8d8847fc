package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.audit.AuditEvent;
import dev.penstock.controlplane.audit.AuditRows;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.tenant.Tenant;
import dev.penstock.controlplane.tenant.TenantTree;
import dev.penstock.controlplane.tenant.Tenants;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Appends what a write has changed to the audit log, in the transaction of that write. */
@Singleton
class ChangeAudit {

  private final DataSource database;
  private final Tenants tenants;

  ChangeAudit(DataSource database, Tenants tenants) {
    this.database = database;
    this.tenants = tenants;
  }

  /** From the root to the tenant that a resource is or belongs to, as the tree is now. */
  List<String> pathTo(ResourceRef ref) {
    List<String> path = new ArrayList<>();
    Optional<String> next = tenantOf(ref);
    while (next.isPresent() && path.size() < TenantTree.MAX_LEVELS) {
      path.addFirst(next.get());
      next =
          tenants
              .store()
              .find(ResourceRef.ofPlatform(Kind.TENANT, next.get()))
              .flatMap(Tenant::parent);
    }
    return path;
  }

  /** One event per resource, in the order of the write. */
  void append(String author, Instant at, long revision, List<Touched> touched, TenantTree tree) {
    List<AuditEvent> events =
        touched.stream()
            .map(each ->
                AuditEvent.change(
                    at,
                    author,
                    each.action(),
                    each.ref().toString(),
                    each.pathBefore().isEmpty() ? path(tree, each.ref()) : each.pathBefore(),
                    each.beforeHash(),
                    each.afterHash(),
                    revision))
            .toList();
    append(events);
  }

  private void append(List<AuditEvent> events) {
    try (Connection connection = database.getConnection()) {
      new AuditRows(connection).append(events);
    } catch (SQLException e) {
      // A change without its event must not be: the transaction ends here.
      throw new IllegalStateException("cannot append to the audit log", e);
    }
  }

  /**
   * That a revision states again what an earlier one stated; what it changed has its own events.
   */
  void appendRollback(String author, Instant at, long revision, long rollbackOf) {
    append(
        List.of(
            AuditEvent.change(
                at,
                author,
                AuditEvent.Action.ROLLBACK,
                "Revision " + rollbackOf,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                revision)));
  }

  private static List<String> path(TenantTree tree, ResourceRef ref) {
    return tenantOf(ref)
        .map(name -> tree.path(name).stream().map(Tenant::name).toList())
        .orElse(List.of());
  }

  private static Optional<String> tenantOf(ResourceRef ref) {
    return ref.kind() == Kind.TENANT ? Optional.of(ref.name()) : ref.tenant();
  }
}
