package dev.penstock.controlplane.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.penstock.controlplane.kit.AdminClient;
import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.Manifest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The description of the admin API is complete, and the one in the repository is of this code. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class OpenApiTest {

  private static final Path CHECKED_IN = Path.of("../docs/openapi.yaml");
  private static final List<String> METHODS = List.of("get", "post", "put", "delete");

  /** With {@code -Dopenapi=write} it is written instead. */
  @Test
  void isTheOneThatIsCheckedIn() throws IOException {
    // Given
    String served = RestAssured.get("/q/openapi").asString();
    if ("write".equals(System.getProperty("openapi"))) {
      Files.writeString(CHECKED_IN, served);
    }

    // When
    String checkedIn = Files.readString(CHECKED_IN);

    // Then
    assertThat(checkedIn)
        .as("docs/openapi.yaml is not of this code: run the test with -Dopenapi=write")
        .isEqualTo(served);
  }

  @Test
  void describesEveryOperationInFull() throws IOException {
    // Given
    JsonNode api = new YAMLMapper().readTree(RestAssured.get("/q/openapi").asString());
    List<String> faults = new ArrayList<>();
    List<String> ids = new ArrayList<>();

    // When
    for (Map.Entry<String, JsonNode> path : api.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        if (METHODS.contains(operation.getKey())) {
          ids.add(operation.getValue().path("operationId").asText());
          lint(path.getKey(), operation.getKey(), operation.getValue())
              .forEach(
                  fault -> faults.add(operation.getKey() + " " + path.getKey() + ": " + fault));
        }
      }
    }

    // Then
    assertThat(api.path("openapi").asText()).startsWith("3.1");
    assertThat(api.path("security").toString()).isEqualTo("[{\"bearer\":[]}]");
    assertThat(ids).hasSizeGreaterThan(5 * Kind.values().length).doesNotHaveDuplicates();
    assertThat(faults).isEmpty();
  }

  private static List<String> lint(String path, String method, JsonNode operation) {
    List<String> faults = new ArrayList<>();
    for (String field : List.of("operationId", "summary")) {
      if (operation.path(field).asText().isBlank()) {
        faults.add("no " + field);
      }
    }
    if (operation.path("tags").isEmpty()) {
      faults.add("no tags");
    }
    JsonNode responses = operation.path("responses");
    boolean ofKind = operation.path("tags").toString().contains("resources");
    boolean takesCondition =
        operation.path("parameters").findValuesAsText("name").contains("If-Match");
    require(faults, responses, "400", true);
    require(faults, responses, "401", true);
    require(faults, responses, "404", path.contains("{"));
    require(faults, responses, "409", ofKind && (method.equals("post") || method.equals("delete")));
    require(faults, responses, "412", takesCondition);
    require(faults, responses, "428", method.equals("put"));
    for (Map.Entry<String, JsonNode> response : responses.properties()) {
      if (response.getKey().startsWith("4")
          && !response
              .getValue()
              .at("/content/application~1problem+json/schema/$ref")
              .asText()
              .endsWith("/Problem")) {
        faults.add(response.getKey() + " is no problem");
      }
      if (response.getKey().equals("200") && response.getValue().path("content").isEmpty()) {
        faults.add("200 has no schema");
      }
    }
    if (isOfManifests(operation)
        && List.of("post", "put").contains(method)
        && operation.at("/requestBody/content").isEmpty()) {
      faults.add("no body");
    }
    return faults;
  }

  private static boolean isOfManifests(JsonNode operation) {
    String tags = operation.path("tags").toString();
    return tags.contains("resources") || tags.contains("apply");
  }

  private static void require(
      List<String> faults, JsonNode responses, String status, boolean applies) {
    if (applies && responses.path(status).isMissingNode()) {
      faults.add("does not say " + status);
    }
  }

  @Test
  void refersToWhatIsThere() throws IOException {
    // Given
    JsonNode api = new YAMLMapper().readTree(RestAssured.get("/q/openapi").asString());

    // When
    List<String> missing =
        api.findValuesAsText("$ref").stream()
            .distinct()
            .filter(ref -> api.at(ref.substring(1)).isMissingNode())
            .toList();

    // Then
    assertThat(api.findValuesAsText("$ref")).isNotEmpty();
    assertThat(missing).isEmpty();
  }

  /** The parser notes every field that it does not know, whatever else is wrong. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void describesOnlyFieldsThatManifestsHave(Kind kind) throws IOException {
    // Given
    JsonNode api = new YAMLMapper().readTree(RestAssured.get("/q/openapi").asString());
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    api.at("/components/schemas/" + kind.label() + "Spec/properties")
        .fieldNames()
        .forEachRemaining(field -> spec.putArray(field).add(5).add(5));
    ObjectNode manifest = JsonNodeFactory.instance.objectNode();
    manifest.put("apiVersion", Manifest.API_VERSION).put("kind", kind.label());
    ObjectNode metadata = manifest.putObject("metadata").put("name", "default");
    if (kind.owner() == Kind.Owner.TENANT) {
      metadata.put("tenant", "acme");
    }
    manifest.set("spec", spec);

    // When
    Response refused = AdminClient.post("/plan", "[" + manifest + "]");

    // Then
    assertThat(refused.asString()).doesNotContain("unknown field");
    assertThat(refused.statusCode()).isIn(spec.isEmpty() ? List.of(200, 422) : List.of(422));
  }
}
