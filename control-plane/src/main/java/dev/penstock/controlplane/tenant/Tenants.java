package dev.penstock.controlplane.tenant;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** The tenants of the installation. */
@Singleton
public class Tenants implements Feature<Tenant> {

  private final TenantRows rows;

  Tenants(TenantRows rows) {
    this.rows = rows;
  }

  /** All tenants, by name. */
  public List<Tenant> all() {
    return rows.list("order by name").stream().map(TenantEntity::toTenant).toList();
  }

  @Override
  public Kind kind() {
    return Kind.TENANT;
  }

  @Override
  public Tenant read(ResourceRef ref, Spec spec) {
    Tenant tenant =
        new Tenant(
            ref.name(),
            spec.name("parent"),
            spec.text("displayName"),
            spec.timeZone("timeZone"),
            spec.tags("tags"),
            spec.tagNames("requiredTags").orElse(List.of()));
    spec.end();
    return tenant;
  }

  @Override
  public Optional<Tenant> find(ResourceRef ref) {
    return rows.findByIdOptional(ref.name()).map(TenantEntity::toTenant);
  }

  @Override
  public Optional<String> create(Tenant wanted) {
    rows.persist(TenantEntity.of(wanted));
    return Optional.empty();
  }

  @Override
  public void update(Tenant stored, Tenant wanted) {
    rows.findById(stored.name()).set(wanted);
  }

  @Override
  public void delete(Tenant stored) {
    rows.deleteById(stored.name());
  }

  @Override
  public List<Tenant> page(Optional<String> tenant, String afterName, int limit) {
    return rows.find("name > ?1 order by name", afterName).page(0, limit).stream()
        .map(TenantEntity::toTenant)
        .toList();
  }

  @Override
  public ResourceRef refOf(Tenant tenant) {
    return ResourceRef.ofPlatform(Kind.TENANT, tenant.name());
  }

  @Override
  public ObjectNode specOf(Tenant tenant) {
    return new SpecWriter()
        .text("parent", tenant.parent())
        .text("displayName", tenant.displayName())
        .text("timeZone", tenant.timeZone())
        .tags("tags", tenant.tags())
        .texts("requiredTags", tenant.requiredTags())
        .done();
  }
}
