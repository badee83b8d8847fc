package dev.penstock.controlplane.provider;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.ControlPlaneConfig;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.row.RowStore;
import dev.penstock.kernel.snapshot.ClientGone;
import dev.penstock.kernel.snapshot.Compatibility;
import dev.penstock.kernel.snapshot.SnapshotCheck;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hibernate.Session;

/** The upstream accounts of the installation. */
@Singleton
public class Providers implements Feature<Provider> {

  private final Store<Provider> store;
  private final ProviderAddress addresses;

  Providers(Session session, ControlPlaneConfig config) {
    store =
        new RowStore<>(
            session, Kind.PROVIDER, ProviderEntity.class, ProviderEntity::new, Provider::name);
    addresses =
        new ProviderAddress(
            "PENSTOCK_PROVIDER_ALLOW_PRIVATE", config.providerAllowPrivate().orElse(List.of()));
  }

  @Override
  public Store<Provider> store() {
    return store;
  }

  @Override
  public Provider read(ResourceRef ref, Spec spec) {
    String baseUrl = spec.requiredText("baseUrl");
    if (!baseUrl.isEmpty()) {
      addresses.problemOf(baseUrl).ifPresent(problem -> spec.refuse("baseUrl", problem));
    }
    Optional<Spec> secret = spec.object("secret");
    if (secret.isEmpty() && !spec.has("secret")) {
      spec.refuse("secret", "is missing");
    }
    spec.refuseIfPresent("limits", "this build cannot enforce a provider's limits yet");
    String protocol = spec.requiredText("protocol");
    if (!protocol.isEmpty() && !SnapshotCheck.PROTOCOLS.contains(protocol)) {
      spec.refuse(
          "protocol", "expected one of " + SnapshotCheck.PROTOCOLS.stream().sorted().toList());
    }
    Provider provider =
        new Provider(
            ref.name(),
            protocol,
            readApiVersion(spec, protocol),
            baseUrl,
            spec.name("region"),
            secret.map(reference -> reference.requiredName("tenant")).orElse(""),
            secret.map(reference -> reference.requiredName("name")).orElse(""),
            spec.names("compliance").orElse(List.of()),
            spec.word("onClientGone", Set.copyOf(ClientGone.words()))
                .flatMap(ClientGone::of)
                .orElse(ClientGone.CANCEL),
            readCompatibility(spec, protocol));
    secret.ifPresent(Spec::end);
    spec.end();
    return provider;
  }

  private static Compatibility readCompatibility(Spec spec, String protocol) {
    if (!SnapshotCheck.OF_SEVERAL_MAKERS.contains(protocol)) {
      spec.refuseIfPresent(
          "compatibility",
          "only %s and %s have one"
              .formatted(SnapshotCheck.OPENAI, SnapshotCheck.OPENAI_COMPATIBLE));
      return Compatibility.UNSTATED;
    }
    return spec.word("compatibility", Set.copyOf(Compatibility.words()))
        .flatMap(Compatibility::of)
        .orElse(Compatibility.UNSTATED);
  }

  private static Optional<String> readApiVersion(Spec spec, String protocol) {
    if (!protocol.equals(SnapshotCheck.AZURE_OPENAI)) {
      spec.refuseIfPresent("apiVersion", "only " + SnapshotCheck.AZURE_OPENAI + " has one");
      return Optional.empty();
    }
    if (!spec.has("apiVersion")) {
      spec.refuse("apiVersion", "is missing: " + SnapshotCheck.EXPECTED_API_VERSION);
    }
    Optional<String> version = spec.text("apiVersion");
    if (version.isPresent() && !SnapshotCheck.isApiVersion(version.get())) {
      spec.refuse("apiVersion", SnapshotCheck.EXPECTED_API_VERSION);
    }
    return version;
  }

  @Override
  public List<Field> listFields() {
    return List.of(
        Field.text("protocol"),
        Field.text("region"),
        Field.text("baseUrl"),
        Field.text("compliance"));
  }

  @Override
  public ObjectNode specOf(Provider provider) {
    ObjectNode secret =
        new SpecWriter()
            .text("tenant", provider.secretTenant())
            .text("name", provider.secretName())
            .done();
    return new SpecWriter()
        .text("protocol", provider.protocol())
        .text("apiVersion", provider.apiVersion())
        .text("baseUrl", provider.baseUrl())
        .text("region", provider.region())
        .node("secret", secret)
        .texts("compliance", provider.compliance())
        .text(
            "onClientGone",
            Optional.of(provider.onClientGone())
                .filter(stated -> stated != ClientGone.CANCEL)
                .map(ClientGone::word))
        .text(
            "compatibility",
            Optional.of(provider.compatibility())
                .filter(stated -> stated != Compatibility.UNSTATED)
                .map(Compatibility::word))
        .done();
  }
}
