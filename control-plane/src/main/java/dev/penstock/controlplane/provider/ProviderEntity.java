package dev.penstock.controlplane.provider;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity(name = "Provider")
@Table(schema = "policy", name = "provider")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class ProviderEntity {

  @Id String name;
  String protocol;
  String baseUrl;
  @Nullable String region;
  String secretTenant;
  String secretName;
  String[] compliance;

  static ProviderEntity of(Provider provider) {
    ProviderEntity entity = new ProviderEntity();
    entity.name = provider.name();
    entity.set(provider);
    return entity;
  }

  void set(Provider provider) {
    protocol = provider.protocol();
    baseUrl = provider.baseUrl();
    region = provider.region().orElse(null);
    secretTenant = provider.secretTenant();
    secretName = provider.secretName();
    compliance = provider.compliance().toArray(String[]::new);
  }

  Provider toProvider() {
    return new Provider(
        name,
        protocol,
        baseUrl,
        Optional.ofNullable(region),
        secretTenant,
        secretName,
        List.of(compliance));
  }
}
