package dev.penstock.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.manifest.Kind.Owner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** All that is stated, or what is stated about one part of the tenant tree. */
record Export(Resources resources) {

  List<JsonNode> all() {
    List<JsonNode> found = new ArrayList<>();
    for (Kind kind : kinds(Owner.PLATFORM)) {
      found.addAll(resources.all(kind));
    }
    List<JsonNode> tenants =
        found.stream().filter(each -> each.path("kind").asText().equals("Tenant")).toList();
    found.addAll(ownedBy(tenants));
    return found;
  }

  List<JsonNode> subtree(String root) {
    List<JsonNode> tenants = below(root, resources.all(Kind.TENANT));
    List<JsonNode> found = new ArrayList<>(tenants);
    found.addAll(ownedBy(tenants));
    return found;
  }

  private List<JsonNode> ownedBy(List<JsonNode> tenants) {
    return tenants.stream()
        .map(Resources::name)
        .flatMap(tenant ->
            kinds(Owner.TENANT).stream().flatMap(kind -> resources.ifBuilt(tenant, kind).stream()))
        .toList();
  }

  private static List<Kind> kinds(Owner owner) {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.isStated() && kind.owner() == owner)
        .toList();
  }

  /** Level by level, until no tenant is below one that has been found. */
  private static List<JsonNode> below(String root, List<JsonNode> all) {
    Set<String> names = new HashSet<>(Set.of(root));
    boolean found = true;
    while (found) {
      found =
          names.addAll(
              all.stream()
                  .filter(each -> names.contains(each.at("/spec/parent").asText()))
                  .map(Resources::name)
                  .toList());
    }
    return all.stream().filter(each -> names.contains(Resources.name(each))).toList();
  }
}
