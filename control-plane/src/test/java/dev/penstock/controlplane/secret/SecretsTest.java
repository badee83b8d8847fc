package dev.penstock.controlplane.secret;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static dev.penstock.controlplane.kit.AdminClient.post;
import static dev.penstock.controlplane.kit.AdminClient.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class SecretsTest {

  private static final String VALUE = "sk-eu-4f9c2e71";

  @Inject Secrets secrets;

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void neverComesBack() {
    for (String path :
        List.of(
            "/tenants/acme/secrets",
            "/tenants/acme/secrets/openai-eu",
            "/providers",
            "/revisions",
            "/tenants/acme/effective-policy")) {
      assertThat(get(path).asString()).doesNotContain(VALUE).doesNotContain("sk-");
    }
    assertThat(get("/tenants/acme/secrets/openai-eu").jsonPath().getMap("spec"))
        .containsOnlyKeys("regions");
    assertThat(apply(company()).asString()).doesNotContain("sk-");
  }

  @Test
  void isInNoRowAndNoLogLine() throws SQLException {
    RecordingHandler log = new RecordingHandler();
    Logger root = Logger.getLogger("");
    root.addHandler(log);
    try {
      // One that is taken, and several that are refused at different depths.
      apply(company().replace(VALUE, "sk-eu-second-7c1d"));
      for (String body :
          List.of(
              "{\"value\": {\"literal\": \"" + VALUE,
              "sk-eu-4f9c2e71",
              "{\"a\": sk-eu-4f9c2e71}",
              "{\"apiVersion\": \"penstock.dev/v1\", \"kind\": \"Secret\", \"metadata\": {\"name\":"
                  + " \"x\"}, \"spec\": {\"regions\": [\"eu-west\"], \"value\": {\"literal\":"
                  + " \"sk-eu-4f9c2e71 \"}}}",
              "{\"apiVersion\": \"penstock.dev/v1\", \"kind\": \"Secret\", \"metadata\": {\"name\":"
                  + " \"x\"}, \"spec\": {\"value\": \"sk-eu-4f9c2e71\"}}")) {
        Response refused = post("/tenants/acme/secrets", body);
        assertThat(refused.statusCode()).isIn(400, 422);
        assertThat(refused.asString()).doesNotContain("4f9c2e71");
      }
      assertThat(apply("value: [sk-eu-4f9c2e71").asString()).doesNotContain("4f9c2e71");
      assertThat(apply("? sk-eu-4f9c2e71: {").asString()).doesNotContain("4f9c2e71");
    } finally {
      root.removeHandler(log);
    }
    assertThat(log.lines()).doesNotContain("4f9c2e71").doesNotContain("second-7c1d");
    assertThat(dump()).doesNotContain("4f9c2e71").doesNotContain("second-7c1d");
  }

  @Test
  @Transactional
  void opensWithTheMasterKey() {
    assertThat(secrets.all())
        .extracting(secret -> new String(secret.value().bytes(), StandardCharsets.UTF_8))
        .containsExactlyInAnyOrder(VALUE, "sk-us-83ab11d0");
    assertThat(secrets.all().toString()).doesNotContain("sk-");
  }

  @Test
  void doesNotOpenInTheRowOfAnother() throws SQLException {
    try (var connection = TestDatabase.connect();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          UPDATE secret.secret t SET sealed = s.sealed, wrapped_key = s.wrapped_key
          FROM secret.secret s WHERE t.name = 'openai-eu' AND s.name = 'openai-us'\
          """);
    }
    assertThatThrownBy(secrets::all).hasMessageContaining("acme/openai-eu/1 does not open");
  }

  @Test
  void getsANewVersionWithANewValueOnly() {
    apply(company());
    assertThat(version("openai-eu")).isEqualTo(1);
    apply(company().replace(VALUE, "sk-eu-second-7c1d"));
    assertThat(version("openai-eu")).isEqualTo(2);
    assertThat(version("openai-us")).isEqualTo(1);
  }

  @Test
  void isReplacedThroughItsPath() {
    String manifest =
        """
        {"apiVersion": "penstock.dev/v1", "kind": "Secret",
         "metadata": {"tenant": "acme", "name": "openai-eu"},
         "spec": {"regions": ["eu-west"], "value": {"literal": "sk-third"}}}\
        """;
    Response replaced = put("/tenants/acme/secrets/openai-eu", manifest);
    assertThat(replaced.statusCode()).isEqualTo(200);
    assertThat(replaced.asString()).doesNotContain("sk-third");
    assertThat(version("openai-eu")).isEqualTo(2);
  }

  private int version(String name) {
    return secrets.all().stream()
        .filter(secret -> secret.name().equals(name))
        .findFirst()
        .orElseThrow()
        .version();
  }

  /** Everything the database holds, as text. */
  private static String dump() throws SQLException {
    StringBuilder dump = new StringBuilder();
    try (var connection = TestDatabase.connect();
        var tables = connection.createStatement();
        var names =
            tables.executeQuery(
                """
                SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
                WHERE schemaname IN ('policy', 'secret', 'ledger', 'usage', 'audit')\
                """)) {
      while (names.next()) {
        try (var statement = connection.createStatement();
            var rows =
                statement.executeQuery(
                    "SELECT convert_from(convert_to(t::text, 'UTF8'), 'UTF8'),"
                        + " replace(t::text, '\\x', '') FROM "
                        + names.getString(1)
                        + " t")) {
          while (rows.next()) {
            dump.append(rows.getString(1)).append(decoded(rows.getString(2)));
          }
        }
      }
    }
    return dump.toString();
  }

  /** Bytes are shown in hex: what stands in them is looked at, too. */
  private static String decoded(String row) {
    StringBuilder text = new StringBuilder();
    for (String part : row.split("[^0-9a-f]+", -1)) {
      if (part.length() >= 16 && part.length() % 2 == 0) {
        text.append(
            new String(java.util.HexFormat.of().parseHex(part), StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }

  private static final class RecordingHandler extends Handler {

    private final StringBuffer lines = new StringBuffer();

    @Override
    public void publish(LogRecord record) {
      lines.append(record.getMessage()).append(java.util.Arrays.toString(record.getParameters()));
      for (Throwable t = record.getThrown(); t != null; t = t.getCause()) {
        lines.append(t);
      }
    }

    String lines() {
      return lines.toString();
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
