package dev.penstock.controlplane.identity;

import static dev.penstock.controlplane.kit.AdminClient.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestToken;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Walks every operation that the served OpenAPI names, with every role, held over the platform and
 * at a tenant, at the caller's own tenant, one below it and a foreign one, and expects what the
 * table says. What is expected is told from the path, not from how the gate comes to its answer.
 */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class PermissionWalkTest {

  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final List<String> OF_MANIFESTS = List.of("plan", "apply");

  /** One request of the walk. */
  private record Step(String method, String path, String area, Optional<String> tenant) {
    Action action() {
      return switch (method) {
        case "get" -> Action.READ;
        case "delete" -> Action.DELETE;
        default -> Action.WRITE;
      };
    }
  }

  @BeforeEach
  void stateAGroup() throws SQLException {
    Group.state();
  }

  @Test
  void knowsEveryOperation() throws IOException {
    List<String> unknown =
        steps().stream().map(Step::area).filter(area -> !Permissions.know(area)).toList();

    assertThat(new TreeSet<>(unknown)).isEmpty();
    assertThat(steps()).hasSizeGreaterThan(60);
  }

  @Test
  void answersEveryRoleOfThePlatformByTheTable() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Role role : Role.values()) {
      TestToken token = TestToken.of("platform-" + role.word()).roles(role.word()).steppedUp(1);
      boolean ofTenants = role == Role.TENANT_ADMIN || role == Role.TENANT_DEVELOPER;
      for (Step step : steps()) {
        // Without an organization, a tenant's role is held nowhere.
        boolean allowed = !ofTenants && Permissions.allow(role, step.area(), step.action());
        boolean sees = !ofTenants;
        check(token, role + " of the platform", step, allowed, sees, wrong);
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void answersEveryRoleOfATenantByTheTable() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Role role : Role.values()) {
      if (role == Role.PLATFORM_ADMIN) {
        continue; // no tenant can make one
      }
      TestToken token = Group.member(Group.OWN, role).steppedUp(1);
      for (Step step : steps()) {
        boolean reached = !step.tenant().equals(Optional.of(Group.FOREIGN));
        boolean anywhere = step.tenant().isPresent() || step.action() == Action.READ;
        boolean allowed =
            reached && anywhere && Permissions.allowAtTenant(role, step.area(), step.action());
        check(token, role + " of a tenant", step, allowed, reached, wrong);
      }
    }

    assertThat(wrong).isEmpty();
  }

  @Test
  void answersNobodyWithoutARole() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Step step : steps()) {
      check(TestToken.of("nobody").steppedUp(1), "nobody", step, false, false, wrong);
    }

    assertThat(wrong).isEmpty();
  }

  private static void check(
      TestToken token, String who, Step step, boolean allowed, boolean sees, List<String> wrong) {
    if (allowed && step.action() == Action.DELETE) {
      return; // it would be gone for the next one; the gate's own tests delete
    }
    Response answer = request(token, step);
    int status = answer.statusCode();
    boolean hidden = !sees && step.tenant().isPresent();
    boolean right = allowed ? isDone(step, answer) : status == (hidden ? NOT_FOUND : FORBIDDEN);
    if (!right) {
      wrong.add(
          "%s: %s %s: %d %s".formatted(who, step.method(), step.path(), status, answer.asString()));
    }
  }

  /**
   * An allowed write may be refused for its empty body; an allowed read finds what it asks for, or
   * misses it alone.
   */
  private static boolean isDone(Step step, Response answer) {
    int status = answer.statusCode();
    if (step.action() == Action.READ) {
      String noTenant = "Tenant " + step.tenant().orElse("") + " does not exist";
      return status == 200
          || (status == NOT_FOUND && !noTenant.equals(answer.jsonPath().getString("detail")));
    }
    return status < 500 && !List.of(401, FORBIDDEN, NOT_FOUND).contains(status);
  }

  private static Response request(TestToken token, Step step) {
    var request = as(token);
    return switch (step.method()) {
      case "get" -> request.get(step.path());
      case "delete" -> request.delete(step.path());
      case "put" -> request.contentType("application/json").body("{}").put(step.path());
      case "post" -> request.contentType("application/json").body("{}").post(step.path());
      default -> throw new AssertionError("no such step: " + step);
    };
  }

  private static List<Step> steps() throws IOException {
    JsonNode paths =
        new ObjectMapper()
            .readTree(given().accept("application/json").get("/q/openapi?format=json").asString())
            .path("paths");
    List<Step> steps = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        List<String> kinds = kinds(path.getValue(), operation.getValue());
        for (String kind : kinds.isEmpty() ? List.of("") : kinds) {
          String template = path.getKey().replace("/api/v1", "").replace("{kinds}", kind);
          steps.addAll(steps(operation.getKey().toLowerCase(Locale.ROOT), template));
        }
      }
    }
    return steps;
  }

  private static List<Step> steps(String method, String template) {
    String[] segments = template.substring(1).split("/", -1);
    if (OF_MANIFESTS.contains(segments[0])) {
      return List.of(); // judged by what is in the body: see GateTest
    }
    if (!segments[0].equals("tenants") || segments.length == 1) {
      return List.of(new Step(method, named(template), segments[0], Optional.empty()));
    }
    List<Step> steps = new ArrayList<>();
    for (String tenant : List.of(Group.OWN, Group.BELOW, Group.FOREIGN)) {
      String[] filled = segments.clone();
      filled[1] = tenant;
      String area = filled.length == 2 ? "tenants" : filled[2];
      String path = named("/" + String.join("/", filled));
      steps.add(new Step(method, path, area, Optional.of(tenant)));
    }
    return steps;
  }

  private static String named(String template) {
    String name =
        switch (template.substring(1).split("/", -1)[0]) {
          case "regions" -> "eu-west";
          case "providers" -> "openai-eu";
          case "models" -> "assistant";
          default -> template.contains("/policies/") ? "default" : "walked";
        };
    return template
        .replace("{id}", Group.OWN_REQUEST.toString())
        .replace("{revision}", "no-number") // nothing must be rolled back on the way
        .replace("{name}", name);
  }

  private static List<String> kinds(JsonNode path, JsonNode operation) {
    List<JsonNode> parameters = new ArrayList<>();
    path.path("parameters").forEach(parameters::add);
    operation.path("parameters").forEach(parameters::add);
    return parameters.stream()
        .filter(parameter -> parameter.path("name").asText().equals("kinds"))
        .findFirst()
        .map(parameter -> parameter.path("schema").path("pattern").asText())
        .map(pattern -> List.of(pattern.strip().split("\\|", -1)))
        .orElse(List.of());
  }
}
