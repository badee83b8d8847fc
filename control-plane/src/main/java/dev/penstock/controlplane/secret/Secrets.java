package dev.penstock.controlplane.secret;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.problem.Finding;
import dev.penstock.kernel.apikey.ApiKey;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The credentials of the providers. */
@Singleton
public class Secrets implements Feature<Secret>, Store<Secret> {

  /** What fits in a header: anything else would let a value speak HTTP of its own. */
  private static final Pattern HEADER_SAFE = Pattern.compile("[\\x21-\\x7e]{1,1024}");

  private final SecretStore values;

  Secrets(SecretStore values) {
    this.values = values;
  }

  /** The newest version of every secret, opened. */
  @Override
  public List<Secret> all() {
    return values.newest();
  }

  @Override
  public Kind kind() {
    return Kind.SECRET;
  }

  @Override
  public Store<Secret> store() {
    return this;
  }

  @Override
  public Secret read(ResourceRef ref, Spec spec) {
    List<String> regions = spec.names("regions").orElse(List.of());
    if (regions.isEmpty()) {
      spec.refuse("regions", "expected at least one region in which the value may be held");
    }
    String value = spec.object("value").map(Secrets::readValue).orElse(SecretValue.KEPT);
    spec.end();
    return new Secret(ref.owner(), ref.name(), 0, regions, SecretValue.of(value));
  }

  private static String readValue(Spec value) {
    value.refuseIfPresent("fromEnv", "is resolved by the command line; send a literal");
    value.refuseIfPresent("fromFile", "is resolved by the command line; send a literal");
    String literal = value.requiredText("literal");
    value.end();
    if (!literal.isEmpty() && !HEADER_SAFE.matcher(literal).matches()) {
      value.refuse("literal", "expected 1 to 1024 printable ASCII characters without spaces");
    } else if (ApiKey.looksLikeOne(literal)) {
      value.refuse("literal", "is a Penstock key, which no provider takes");
    }
    return literal;
  }

  @Override
  public Optional<Secret> find(ResourceRef ref) {
    return values.newest().stream()
        .filter(each -> each.tenant().equals(ref.owner()) && each.name().equals(ref.name()))
        .findFirst();
  }

  /** A manifest as it is shown has no value: it changes the rest and keeps the value. */
  @Override
  public Optional<Finding> lackOf(Secret created) {
    return created.value().isKept()
        ? Optional.of(new Finding("spec.value", "is missing; only what exists can keep its value"))
        : Optional.empty();
  }

  @Override
  public boolean isSame(Secret stored, Secret wanted) {
    return stored.regions().equals(wanted.regions())
        && (wanted.value().isKept() || stored.value().equals(wanted.value()));
  }

  @Override
  public Optional<String> create(Secret wanted) {
    values.add(wanted.withVersion(1));
    return Optional.empty();
  }

  @Override
  public void update(Secret stored, Secret wanted) {
    Secret next = wanted.value().isKept() ? wanted.with(stored.value()) : wanted;
    values.add(next.withVersion(stored.version() + 1));
  }

  @Override
  public void delete(Secret stored) {
    values.remove(stored.tenant(), stored.name());
  }

  @Override
  public List<ResourceRef> ownedBy(Collection<String> tenants) {
    return values.newest().stream()
        .filter(secret -> tenants.contains(secret.tenant()))
        .map(secret -> ResourceRef.ofTenant(Kind.SECRET, secret.tenant(), secret.name()))
        .toList();
  }

  @Override
  public List<Secret> page(Optional<String> tenant, String afterName, int limit) {
    return values.newest().stream()
        .filter(row -> tenant.isEmpty() || row.tenant().equals(tenant.get()))
        .filter(row -> row.name().compareTo(afterName) > 0)
        .sorted(Comparator.comparing(Secret::name))
        .limit(limit)
        .toList();
  }

  @Override
  public String hiddenVersion(Secret stored) {
    return Integer.toString(stored.version());
  }

  @Override
  public List<Field> listFields() {
    return List.of(Field.text("regions"));
  }

  /** Never the value. */
  @Override
  public ObjectNode specOf(Secret secret) {
    return new SpecWriter().statedTexts("regions", secret.regions()).done();
  }
}
