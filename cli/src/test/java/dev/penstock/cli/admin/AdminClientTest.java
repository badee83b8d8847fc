package dev.penstock.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.ExitCode;
import dev.penstock.cli.installation.Installation;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminClientTest {
  private final ScriptedAdmin admin = new ScriptedAdmin();

  @TempDir Path folder;

  @AfterEach
  void close() {
    admin.close();
  }

  @Test
  void readsAListToItsEnd() {
    admin
        .answers("GET /api/v1/tenants", 200, "{\"items\":[1,2],\"nextCursor\":\"a b\"}")
        .answers("GET /api/v1/tenants?cursor=a%20b", 200, "{\"items\":[3],\"nextCursor\":null}");

    assertThat(admin.client().list("tenants")).extracting(JsonNode::asInt).containsExactly(1, 2, 3);
  }

  @Test
  void findsNothingWhereNothingIs() {
    assertThat(admin.client().find("requests/1")).isEmpty();
    admin.client().delete("tenants/acme/api-keys/gone");
  }

  @Test
  void passesAProblemOn() {
    admin.answers(
        "GET /api/v1/models", 409, "{\"title\":\"Conflict\",\"detail\":\"somebody was faster\"}");

    assertThatThrownBy(() -> admin.client().list("models"))
        .isInstanceOf(AdminProblem.class)
        .hasMessage("Conflict: somebody was faster");
  }

  @Test
  void saysThatTheTokenIsWrongWithoutShowingIt() {
    assertThatThrownBy(() -> admin.client("guessed-token").list("models"))
        .hasMessageContaining("refuses the token of PENSTOCK_ADMIN_TOKEN (401)")
        .hasMessageNotContaining("guessed-token");
  }

  @Test
  void wantsAControlPlane() {
    assertThatThrownBy(() ->
            AdminClient.locate(
                new Installation(folder, folder), Map.of("PENSTOCK_ADMIN_URL", "http://x")))
        .hasMessageContaining("./penstock up")
        .asInstanceOf(InstanceOfAssertFactories.type(CommandFailure.class))
        .returns(ExitCode.CONFIGURATION, CommandFailure::exitCode);
  }
}
