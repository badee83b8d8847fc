package dev.penstock.controlplane.tenant;

import dev.penstock.controlplane.row.Row;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

@Entity(name = "Tenant")
@Table(schema = "policy", name = "tenant")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class TenantEntity implements Row<Tenant> {

  @Id String name;
  @Nullable String parent;
  @Nullable String displayName;
  @Nullable String timeZone;

  @JdbcTypeCode(SqlTypes.JSON)
  Map<String, String> tags;

  String[] requiredTags;
  boolean suspended;

  @JdbcTypeCode(SqlTypes.JSON)
  @Nullable SingleSignOn sso;

  @Override
  public void set(Tenant tenant) {
    name = tenant.name();
    parent = tenant.parent().orElse(null);
    displayName = tenant.displayName().orElse(null);
    timeZone = tenant.timeZone().orElse(null);
    tags = tenant.tags();
    requiredTags = tenant.requiredTags().toArray(String[]::new);
    suspended = tenant.suspended();
    sso = tenant.sso().orElse(null);
  }

  @Override
  public Tenant toRecord() {
    return new Tenant(
        name,
        Optional.ofNullable(parent),
        Optional.ofNullable(displayName),
        Optional.ofNullable(timeZone),
        tags,
        List.of(requiredTags),
        suspended,
        Optional.ofNullable(sso));
  }
}
