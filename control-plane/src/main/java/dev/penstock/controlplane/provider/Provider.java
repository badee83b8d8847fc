package dev.penstock.controlplane.provider;

import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Named;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.kernel.snapshot.ClientGone;
import dev.penstock.kernel.snapshot.Compatibility;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One upstream account at one place.
 *
 * @param apiVersion of Azure OpenAI's API; empty for every other protocol
 * @param region empty: unknown, which no residency rule allows
 * @param compliance marks such as {@code hipaa-baa}, sorted
 */
public record Provider(
    String name,
    String protocol,
    Optional<String> apiVersion,
    String baseUrl,
    Optional<String> region,
    String secretTenant,
    String secretName,
    List<String> compliance,
    ClientGone onClientGone,
    Compatibility compatibility)
    implements Named {

  /** A provider of which nothing more is stated. */
  public Provider(
      String name,
      String protocol,
      Optional<String> apiVersion,
      String baseUrl,
      Optional<String> region,
      String secretTenant,
      String secretName,
      List<String> compliance) {
    this(
        name,
        protocol,
        apiVersion,
        baseUrl,
        region,
        secretTenant,
        secretName,
        compliance,
        ClientGone.CANCEL,
        Compatibility.UNSTATED);
  }

  public Provider {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(apiVersion, "apiVersion");
    Objects.requireNonNull(baseUrl, "baseUrl");
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(secretTenant, "secretTenant");
    Objects.requireNonNull(secretName, "secretName");
    Objects.requireNonNull(onClientGone, "onClientGone");
    Objects.requireNonNull(compatibility, "compatibility");
    compliance = compliance.stream().sorted().toList();
  }

  /** The credential it is called with. */
  public ResourceRef secret() {
    return ResourceRef.ofTenant(Kind.SECRET, secretTenant, secretName);
  }
}
