package dev.penstock.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.admin.AdminClient;
import dev.penstock.cli.admin.AdminProblem;
import java.util.List;

/** Reads resources of a kind, of one tenant or of every tenant. */
record Resources(AdminClient admin) {

  List<JsonNode> all(Kind kind) {
    return switch (kind.owner()) {
      case PLATFORM -> admin.list(kind.listPath());
      case TENANT ->
          admin.list(Kind.TENANT.listPath()).stream()
              .map(Resources::name)
              .flatMap(tenant -> admin.list(kind.listPath(tenant)).stream())
              .toList();
    };
  }

  List<JsonNode> of(String tenant, Kind kind) {
    return switch (kind.owner()) {
      case PLATFORM ->
          throw CommandFailure.usage(
              "%s belong to no tenant; leave --tenant out.".formatted(kind.listPath()));
      case TENANT -> admin.list(kind.listPath(tenant));
    };
  }

  /** As {@link #of}; nothing of kinds that this control plane does not have. */
  List<JsonNode> ifBuilt(String tenant, Kind kind) {
    try {
      return of(tenant, kind);
    } catch (AdminProblem problem) {
      if (problem.status() == 404) {
        return List.of();
      }
      throw problem;
    }
  }

  static boolean isNamed(JsonNode item, String name) {
    return name(item).equals(name);
  }

  /** Of a manifest, or of a report like those about nodes. */
  static String name(JsonNode item) {
    JsonNode metadata = item.path("metadata");
    if (metadata.isObject()) {
      return metadata.path("name").asText();
    }
    return item.path("name").asText(item.path("revision").asText());
  }
}
