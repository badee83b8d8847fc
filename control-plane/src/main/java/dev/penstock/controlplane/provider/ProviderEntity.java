package dev.penstock.controlplane.provider;

import dev.penstock.controlplane.row.Row;
import dev.penstock.kernel.snapshot.ClientGone;
import dev.penstock.kernel.snapshot.Compatibility;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity(name = "Provider")
@Table(schema = "policy", name = "provider")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class ProviderEntity implements Row<Provider> {

  @Id String name;
  String protocol;
  @Nullable String apiVersion;
  String baseUrl;
  @Nullable String region;
  String secretTenant;
  String secretName;
  String[] compliance;
  String onClientGone;
  @Nullable String compatibility;

  @Override
  public void set(Provider provider) {
    name = provider.name();
    protocol = provider.protocol();
    apiVersion = provider.apiVersion().orElse(null);
    baseUrl = provider.baseUrl();
    region = provider.region().orElse(null);
    secretTenant = provider.secretTenant();
    secretName = provider.secretName();
    compliance = provider.compliance().toArray(String[]::new);
    onClientGone = provider.onClientGone().word();
    compatibility =
        provider.compatibility() == Compatibility.UNSTATED ? null : provider.compatibility().word();
  }

  @Override
  public Provider toRecord() {
    return new Provider(
        name,
        protocol,
        Optional.ofNullable(apiVersion),
        baseUrl,
        Optional.ofNullable(region),
        secretTenant,
        secretName,
        List.of(compliance),
        ClientGone.of(onClientGone).orElseThrow(),
        Optional.ofNullable(compatibility)
            .map(word -> Compatibility.of(word).orElseThrow())
            .orElse(Compatibility.UNSTATED));
  }
}
