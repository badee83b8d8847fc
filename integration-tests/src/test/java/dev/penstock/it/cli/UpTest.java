package dev.penstock.it.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Command;
import dev.penstock.it.kit.FreePorts;
import dev.penstock.it.kit.Json;
import dev.penstock.it.kit.OnStackOfItsOwn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** {@code ./penstock up} and its companions, as one works with them: one after the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@OnStackOfItsOwn
class UpTest {
  private static final String TENANT =
      """
      apiVersion: penstock.dev/v1
      kind: Tenant
      metadata: { name: acme-legal }
      spec: { parent: acme, displayName: Acme Legal, timeZone: Europe/Berlin }
      """;

  private final UpRun up = new UpRun("up", FreePorts.base());

  @BeforeAll
  void start() {
    up.start("--fresh", "--no-sso");
    up.awaitUp();
  }

  @AfterAll
  void stop() {
    up.terminate();
  }

  @Test
  @Order(1)
  void writesWhatAShellNeedsToReachIt() throws IOException {
    Map<String, String> environment = up.environment();

    assertThat(environment)
        .containsKeys(
            "PENSTOCK_ADMIN_URL",
            "PENSTOCK_ADMIN_TOKEN",
            "PENSTOCK_GATEWAY_URL",
            "PENSTOCK_GATEWAY_URLS",
            "PENSTOCK_CONSOLE_URL",
            "PENSTOCK_SIMULATOR_URL",
            "PENSTOCK_MODEL",
            "OPENAI_BASE_URL",
            "OPENAI_API_KEY")
        .doesNotContainKeys("ANTHROPIC_BASE_URL", "MISTRAL_BASE_URL", "PENSTOCK_CONSOLE_USER");
    assertThat(environment.get("OPENAI_BASE_URL"))
        .isEqualTo(environment.get("PENSTOCK_GATEWAY_URL") + "/v1");
    assertThat(environment.get("PENSTOCK_GATEWAY_URLS"))
        .contains("eu-west=http://127.0.0.1:", ",us-east=http://127.0.0.1:");
    assertThat(Files.getPosixFilePermissions(up.state().resolve("env"))).hasSize(2);
    assertThat(up.output()).contains("Penstock is up.", "curl -N", "eu-west-1 is ready");
  }

  @Test
  @Order(2)
  void listsItsProcesses() throws IOException {
    Command ps = up.penstock("ps");

    assertThat(ps.exitCode()).isZero();
    assertThat(ps.output())
        .contains("postgres", "control-plane", "eu-west-1", "us-east-1", "provider-sim", "console");
    JsonNode table = Json.parse(Files.readString(up.state().resolve("processes.json")));
    assertThat(table).hasSize(6);
    assertThat(table)
        .allSatisfy(process -> {
          assertThat(process.path("pid").asLong()).isPositive();
          assertThat(Path.of(process.path("log").asText())).exists();
        });
  }

  @Test
  @Order(3)
  void saysThatOneIsRunning() {
    Command second = up.penstock("up", "--port-base", Integer.toString(FreePorts.base()));

    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.output()).contains("runs already", "PENSTOCK_STATE_DIR");
  }

  @Test
  @Order(4)
  void namesThePortThatIsTakenAndTheFlag() throws IOException {
    int base = FreePorts.base();
    UpRun other = new UpRun("up-port-taken", base);
    try (ServerSocket taken = new ServerSocket(base, 1, InetAddress.getLoopbackAddress())) {
      Command refused = other.penstock("up", "--port-base", Integer.toString(base));

      assertThat(taken.isBound()).isTrue();
      assertThat(refused.exitCode()).isEqualTo(78);
      assertThat(refused.output()).contains("port " + base + " is in use", "--port-base");
    }
  }

  @Test
  @Order(5)
  void reportsAChildThatDiesAndLeavesItDown() {
    ProcessHandle node = ProcessHandle.of(up.pid("us-east-1")).orElseThrow();

    node.destroyForcibly();

    await().untilAsserted(() -> assertThat(up.output()).contains("us-east-1 died: exit code 137"));
    assertThat(up.output()).contains("./penstock start us-east-1", "us-east-1.log");
    assertThat(up.penstock("ps").output()).containsPattern("us-east-1 .*died \\(137\\)");
    assertThat(up.penstock("start", "us-east-1").exitCode()).isZero();
    assertThat(up.penstock("ps").output()).containsPattern("us-east-1 .*running");
  }

  @Test
  @Order(6)
  void stopsKillsAndStartsWhatItIsTold() {
    Command stopped = up.penstock("stop", "us-east-1");
    Command again = up.penstock("stop", "us-east-1");
    Command started = up.penstock("start", "us-east-1");
    Command killed = up.penstock("kill", "us-east-1");
    Command back = up.penstock("start", "us-east-1");
    Command unknown = up.penstock("stop", "unheard-of");

    assertThat(stopped.exitCode()).as(stopped.output()).isZero();
    assertThat(again.exitCode()).as(again.output()).isEqualTo(1);
    assertThat(started.exitCode()).as(started.output()).isZero();
    assertThat(killed.exitCode()).as(killed.output()).isZero();
    assertThat(back.exitCode()).as(back.output()).isZero();
    assertThat(unknown.exitCode()).as(unknown.output()).isEqualTo(64);
    assertThat(up.output()).doesNotContain("us-east-1 died: exit code 143");
  }

  @Test
  @Order(7)
  void showsLogs() {
    Command logs = up.penstock("logs", "eu-west-1");
    Command unknown = up.penstock("logs", "unheard-of");

    assertThat(logs.exitCode()).isZero();
    assertThat(logs.output()).isNotBlank();
    assertThat(unknown.exitCode()).isEqualTo(64);
  }

  @Test
  @Order(8)
  void appliesManifestsAndShowsThem() throws IOException {
    Path file = Files.writeString(up.state().resolve("tenant.yaml"), TENANT);

    Command applied = up.penstock("apply", "-f", file.toString());
    Command again = up.penstock("apply", "-f", file.toString());
    Command shown = up.penstock("get", "tenants", "acme-legal");
    Command table = up.penstock("get", "tenants", "-o", "table");
    Path roundTrip = Files.writeString(up.state().resolve("shown.yaml"), shown.output());
    Command unchanged = up.penstock("apply", "-f", roundTrip.toString());

    assertThat(applied.exitCode()).as(applied.output()).isZero();
    assertThat(applied.output()).contains("created", "Tenant acme-legal");
    assertThat(again.output()).contains("unchanged", "Tenant acme-legal");
    assertThat(shown.output()).contains("kind: Tenant", "name: acme-legal", "parent: acme");
    assertThat(table.output()).contains("acme-legal", "acme-health");
    assertThat(unchanged.exitCode()).as(unchanged.output()).isZero();
    assertThat(unchanged.output()).contains("unchanged", "Tenant acme-legal");
  }

  @Test
  @Order(9)
  void refusesAManifestThatIsWrongAsAWhole() throws IOException {
    String wrong = TENANT.replace("acme-legal", "acme-wrong").replace("parent: acme", "parent: x");
    Path file =
        Files.writeString(
            up.state().resolve("wrong.yaml"),
            TENANT.replace("acme-legal", "acme-right") + "---\n" + wrong);

    Command refused = up.penstock("apply", "-f", file.toString());
    Command missing = up.penstock("apply", "-f", up.state().resolve("none.yaml").toString());
    Command absent = up.penstock("get", "tenants", "acme-right");
    Command usage = up.penstock("get", "unheard-of");

    assertThat(refused.exitCode()).as(refused.output()).isEqualTo(1);
    assertThat(refused.output()).contains("spec.parent");
    assertThat(missing.exitCode()).as(missing.output()).isNotZero();
    assertThat(absent.exitCode()).as(absent.output()).isEqualTo(1);
    assertThat(usage.exitCode()).as(usage.output()).isEqualTo(64);
  }

  @Test
  @Order(9)
  void exportsWhatCanBeAppliedAgainAndPrunesOnlyWhenThatIsMeant() throws IOException {
    // Given
    String exported = up.penstock("export").output();
    String all = Files.writeString(up.state().resolve("all.yaml"), exported).toString();
    String more =
        Files.writeString(
                up.state().resolve("more.yaml"), TENANT.replace("acme-legal", "acme-gone"))
            .toString();

    // When
    Command same = up.penstock("diff", "-f", all);
    Command created = up.penstock("diff", "-f", more);
    up.penstock("apply", "-f", more);
    Command unasked = up.penstock("apply", "--prune", "-f", all);
    Command still = up.penstock("get", "tenants", "acme-gone");
    Command meant = up.penstock("apply", "--prune", "--yes", "-f", all);

    // Then
    assertThat(exported)
        .contains("kind: Secret", "kind: ApiKey", "kind: Guard", "guards:")
        .doesNotContain("value", "pens_");
    assertThat(same.exitCode()).as(same.output()).isZero();
    assertThat(created.exitCode()).as(created.output()).isEqualTo(2);
    assertThat(created.output())
        .contains("+ Tenant acme-gone", "tenant acme-gone is created below acme");
    assertThat(unasked.exitCode()).as(unasked.output()).isEqualTo(1);
    assertThat(unasked.output()).contains("- Tenant acme-gone", "--yes");
    assertThat(still.exitCode()).isZero();
    assertThat(meant.exitCode()).as(meant.output()).isZero();
    assertThat(up.penstock("get", "tenants", "acme-gone").exitCode()).isEqualTo(1);
    assertThat(up.penstock("delete", "tenants", "acme-gone").exitCode()).isEqualTo(1);
  }

  @Test
  @Order(9)
  void goesBackToAnEarlierRevisionOnceItsPlanIsSeen() throws IOException {
    // Given
    String named = up.state().resolve("renamed.yaml").toString();
    Files.writeString(Path.of(named), TENANT.replace("Acme Legal", "Acme Law"));
    String before =
        revision(up.penstock("apply", "-f", up.state().resolve("tenant.yaml").toString()));
    String more =
        Files.writeString(
                up.state().resolve("since.yaml"), TENANT.replace("acme-legal", "acme-since"))
            .toString();
    up.penstock("apply", "-f", named, more);

    // When
    Command told = up.penstock("rollback", before, "--dry-run");
    Command unasked = up.penstock("rollback", before);
    Command still = up.penstock("get", "tenants", "acme-legal");
    Command meant = up.penstock("rollback", before, "--yes");
    Command again = up.penstock("rollback", before);
    Command unknown = up.penstock("rollback", "123456");

    // Then
    assertThat(told.exitCode()).as(told.output()).isZero();
    assertThat(told.output())
        .contains("~ Tenant acme-legal", "\"Acme Law\" → \"Acme Legal\"", "- Tenant acme-since");
    assertThat(unasked.exitCode()).as(unasked.output()).isEqualTo(1);
    assertThat(unasked.output()).contains("- Tenant acme-since", "--yes");
    assertThat(still.output()).contains("displayName: Acme Law");
    assertThat(meant.exitCode()).as(meant.output()).isZero();
    assertThat(Long.parseLong(revision(meant))).isGreaterThan(Long.parseLong(before));
    assertThat(up.penstock("get", "tenants", "acme-legal").output())
        .contains("displayName: Acme Legal");
    assertThat(up.penstock("get", "tenants", "acme-since").exitCode()).isEqualTo(1);
    assertThat(again.exitCode()).as(again.output()).isZero();
    assertThat(again.output()).isEqualTo("no differences\n");
    assertThat(unknown.exitCode()).as(unknown.output()).isEqualTo(1);
    assertThat(unknown.output()).contains("revision 123456 does not exist");
  }

  private static String revision(Command command) {
    return command.output().strip().replaceFirst("(?s).*revision ", "");
  }

  @Test
  @Order(10)
  void leavesNoProcessBehindAndKeepsItsData() throws IOException {
    // Given
    List<ProcessHandle> children = up.children();
    String key = up.environment().get("OPENAI_API_KEY");
    assertThat(children).hasSizeGreaterThanOrEqualTo(6);

    // When
    int exitCode = up.terminate();

    // Then
    assertThat(exitCode).isZero();
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    assertThat(up.state().resolve("env")).doesNotExist();
    Command nothing = up.penstock("ps");
    assertThat(nothing.exitCode()).as(nothing.output()).isEqualTo(1);

    // And it is all there again
    up.start("--no-sso");
    up.awaitUp();
    assertThat(up.environment()).containsEntry("OPENAI_API_KEY", key);
    assertThat(up.penstock("get", "tenants", "acme-legal").exitCode()).isZero();
    up.terminate();
  }

  @Test
  @Order(11)
  void startsFromNothingWhenAskedTo() throws IOException {
    // Given
    up.start("--fresh", "--no-sso");

    // When
    up.awaitUp();

    // Then
    assertThat(up.penstock("get", "tenants", "acme-legal").exitCode()).isEqualTo(1);
    assertThat(up.penstock("get", "tenants", "acme-health").exitCode()).isZero();
  }
}
