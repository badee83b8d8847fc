package dev.penstock.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.admin.ScriptedAdmin;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExportTest {
  private final ScriptedAdmin admin = new ScriptedAdmin();

  @BeforeEach
  void stateACompany() {
    answers("regions", item("Region", "eu-west", ""));
    answers(
        "tenants",
        item("Tenant", "acme", "")
            + ","
            + item("Tenant", "health", "\"parent\":\"acme\"")
            + ","
            + item("Tenant", "clinic", "\"parent\":\"health\"")
            + ","
            + item("Tenant", "labs", "\"parent\":\"acme\""));
    answers("providers", "");
    answers("models", "");
    answers("tenants/acme/secrets", item("Secret", "s", ""));
    answers("tenants/clinic/budgets", item("Budget", "b", ""));
  }

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void holdsEverythingAndNothingOfKindsThatTheControlPlaneDoesNotHave() {
    assertThat(names(new Export(new Resources(admin.client())).all()))
        .containsExactly("eu-west", "acme", "health", "clinic", "labs", "s", "b");
  }

  @Test
  void holdsATenantAndAllBelowIt() {
    assertThat(names(new Export(new Resources(admin.client())).subtree("health")))
        .containsExactly("health", "clinic", "b");
    assertThat(new Export(new Resources(admin.client())).subtree("nobody")).isEmpty();
  }

  private void answers(String path, String items) {
    admin.answers(
        "GET /api/v1/" + path, 200, "{\"items\":[%s],\"nextCursor\":null}".formatted(items));
  }

  private static String item(String kind, String name, String spec) {
    return "{\"kind\":\"%s\",\"metadata\":{\"name\":\"%s\"},\"spec\":{%s}}"
        .formatted(kind, name, spec);
  }

  private static List<String> names(List<JsonNode> items) {
    return items.stream().map(Resources::name).toList();
  }
}
