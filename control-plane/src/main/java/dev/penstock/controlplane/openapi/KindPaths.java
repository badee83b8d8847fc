package dev.penstock.controlplane.openapi;

import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Kind.Owner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.PathItem.HttpMethod;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.parameters.RequestBody;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/** The endpoints of all kinds, told kind by kind. */
final class KindPaths {

  private static final String KINDS = "{kinds}";
  private static final String OF_TENANT = "/tenants/{tenant}/" + KINDS;

  private KindPaths() {}

  static boolean isForKinds(String path) {
    return path.contains(KINDS);
  }

  /** The same path once for each kind that it stands for. */
  static Map<String, PathItem> expand(String path, PathItem item) {
    Owner owner = path.contains(OF_TENANT) ? Owner.TENANT : Owner.PLATFORM;
    Map<String, PathItem> expanded = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      if (kind.owner() == owner) {
        PathItem copy = OASFactory.createPathItem();
        boolean one = path.endsWith("/{name}");
        item.getOperations()
            .forEach(
                (method, operation) -> copy.setOperation(method, of(kind, one, method, operation)));
        expanded.put(path.replace(KINDS, kind.path()), copy);
      }
    }
    return expanded;
  }

  private static Operation of(Kind kind, boolean one, HttpMethod method, Operation all) {
    Operation operation =
        OASFactory.createOperation()
            .summary(all.getSummary())
            .description(all.getDescription())
            .tags(all.getTags())
            .operationId(name(kind, one, method))
            .parameters(parameters(all))
            .responses(responses(kind, one, method));
    if (method == HttpMethod.POST || method == HttpMethod.PUT) {
      operation.requestBody(body(kind));
    }
    return operation;
  }

  private static List<Parameter> parameters(Operation all) {
    List<Parameter> parameters = new ArrayList<>();
    if (all.getParameters() != null) {
      all.getParameters().stream()
          .filter(parameter -> !"kinds".equals(parameter.getName()))
          .forEach(parameters::add);
    }
    return parameters;
  }

  private static String name(Kind kind, boolean one, HttpMethod method) {
    return switch (method) {
      case GET -> one ? "get" + kind.label() : "list" + pascal(kind.path());
      case POST -> "create" + kind.label();
      case PUT -> "replace" + kind.label();
      case DELETE -> "delete" + kind.label();
      default -> method.name().toLowerCase(Locale.ROOT) + kind.label();
    };
  }

  private static String pascal(String words) {
    return Arrays.stream(words.split("-"))
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining());
  }

  private static RequestBody body(Kind kind) {
    return OASFactory.createRequestBody()
        .required(true)
        .content(Refs.json(KindSchemas.manifest(kind)));
  }

  private static APIResponses responses(Kind kind, boolean one, HttpMethod method) {
    APIResponses responses = OASFactory.createAPIResponses();
    switch (method) {
      case GET -> {
        if (one) {
          responses.addAPIResponse("200", shown("As it is", kind).addHeader("ETag", tag()));
          responses.addAPIResponse(
              "304", OASFactory.createAPIResponse().description("The caller has it already"));
        } else {
          responses.addAPIResponse(
              "200",
              OASFactory.createAPIResponse()
                  .description("A page")
                  .content(Refs.json(KindSchemas.list(kind))));
        }
      }
      case POST -> {
        responses.addAPIResponse("200", planned());
        responses.addAPIResponse("201", written("As it now is", kind));
      }
      case PUT ->
          responses.addAPIResponse("200", written("As it now is, or with `dryRun` a Plan", kind));
      case DELETE -> {
        responses.addAPIResponse("200", planned());
        responses.addAPIResponse(
            "204",
            OASFactory.createAPIResponse()
                .description("Gone")
                .addHeader(Refs.REVISION, revision())
                .addHeader(Refs.ROLLOUT, rollout()));
      }
      default -> {}
    }
    return responses;
  }

  private static APIResponse planned() {
    return OASFactory.createAPIResponse()
        .description("With `dryRun`: what would change")
        .content(Refs.json("Plan"));
  }

  private static APIResponse shown(String description, Kind kind) {
    return OASFactory.createAPIResponse()
        .description(description)
        .content(Refs.json(KindSchemas.manifest(kind)));
  }

  private static APIResponse written(String description, Kind kind) {
    return shown(description, kind)
        .addHeader("ETag", tag())
        .addHeader(Refs.REVISION, revision())
        .addHeader(Refs.ROLLOUT, rollout());
  }

  private static Header tag() {
    return OASFactory.createHeader().ref("#/components/headers/ETag");
  }

  private static Header rollout() {
    return OASFactory.createHeader().ref("#/components/headers/Rollout");
  }

  private static Header revision() {
    return OASFactory.createHeader().ref("#/components/headers/Revision");
  }
}
