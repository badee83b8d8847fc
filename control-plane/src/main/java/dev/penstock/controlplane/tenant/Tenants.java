package dev.penstock.controlplane.tenant;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.row.RowStore;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.regex.Pattern;
import org.hibernate.Session;

/** The tenants of the installation. */
@Singleton
public class Tenants implements Feature<Tenant> {

  private static final Pattern DOMAIN =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+");

  private static final Pattern ALIAS = Pattern.compile("[A-Za-z0-9._-]{1,255}");

  private final Store<Tenant> store;

  Tenants(Session session) {
    store =
        new RowStore<>(session, Kind.TENANT, TenantEntity.class, TenantEntity::new, Tenant::name);
  }

  @Override
  public Store<Tenant> store() {
    return store;
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
            spec.tagNames("requiredTags").orElse(List.of()),
            spec.flag("suspended").orElse(false),
            spec.object("sso").map(Tenants::readSso));
    spec.end();
    return tenant;
  }

  private static SingleSignOn readSso(Spec spec) {
    SingleSignOn sso =
        new SingleSignOn(
            spec.texts("domains", DOMAIN).orElse(List.of()),
            spec.texts("identityProviders", ALIAS).orElse(List.of()));
    spec.end();
    return sso;
  }

  @Override
  public List<Field> listFields() {
    return List.of(
        Field.text("parent"),
        Field.text("displayName"),
        Field.text("timeZone"),
        Field.text("tags.*"),
        Field.text("requiredTags"));
  }

  @Override
  public ObjectNode specOf(Tenant tenant) {
    SpecWriter spec = new SpecWriter();
    tenant
        .sso()
        .ifPresent(sso ->
            spec.node(
                "sso",
                new SpecWriter()
                    .texts("domains", sso.domains())
                    .texts("identityProviders", sso.identityProviders())
                    .done()));
    return spec.text("parent", tenant.parent())
        .text("displayName", tenant.displayName())
        .text("timeZone", tenant.timeZone())
        .tags("tags", tenant.tags())
        .texts("requiredTags", tenant.requiredTags())
        .flag("suspended", tenant.suspended())
        .done();
  }
}
