package dev.penstock.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.migrations.kit.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a query that forgot its condition finds: acme has the subsidiaries health, with an app below
 * it, and labs; somebody belongs to health.
 */
class RowSecurityTest {

  private static final String PASSWORD = "app-password";

  @SuppressWarnings("NullAway.Init") // set by fill()
  private static TestPostgres postgres;

  @BeforeAll
  static void fill() throws SQLException {
    postgres = TestPostgres.start();
    String adminUrl = postgres.adminUrl();
    Migrations.run(postgres.url(), postgres.admin(), postgres.adminPassword(), PASSWORD);
    try (Connection admin = DriverManager.getConnection(adminUrl);
        Statement statement = admin.createStatement()) {
      statement.execute(
          "INSERT INTO policy.tenant (name, parent) VALUES ('acme', NULL), ('health', 'acme'),"
              + " ('app', 'health'), ('labs', 'acme')");
      for (String tenant : List.of("acme", "health", "app", "labs")) {
        for (String row : rowsOf(tenant)) {
          statement.execute(row);
        }
      }
    }
  }

  private static List<String> rowsOf(String tenant) {
    return List.of(
        "INSERT INTO policy.policy (tenant) VALUES ('%s')".formatted(tenant),
        "INSERT INTO policy.budget VALUES (gen_random_uuid(), '%s', 'b', NULL, NULL, 1, 'month', 'UTC', 'strict')"
            .formatted(tenant),
        "INSERT INTO policy.route VALUES ('%s', 'r', 'm', '[]', 0, 0, 0, 0, 0, '{}')"
            .formatted(tenant),
        ("INSERT INTO policy.api_key (key_id, tenant, name, hash, pepper_version, created_at)"
                + " VALUES ('key-of-%1$s', '%1$s', 'k', sha256('x'), 1, now())")
            .formatted(tenant),
        "INSERT INTO policy.member VALUES (gen_random_uuid(), '%s', 'm', 's', '{tenant-admin}')"
            .formatted(tenant),
        "INSERT INTO usage.api_key_use VALUES ('key-of-%s', now())".formatted(tenant),
        ("INSERT INTO usage.spend_rollup VALUES (now(), '%s', 'k', 'm', 'p', 'r', 1, 0, 0, 0, 0, 0, 0,"
                + " 0, 0)")
            .formatted(tenant),
        ("INSERT INTO usage.spend_tag_rollup VALUES (5, now(), '%s', 't', 'v', 'm', 'p', 1, 0, 0, 0, 0,"
                + " 0, 0, 0, 0, 0, 0, 0, 0)")
            .formatted(tenant),
        ("INSERT INTO ledger.budget_window (window_id, tenant, budget_id, starts_at, ends_at, mode)"
                + " VALUES (gen_random_uuid(), '%s', gen_random_uuid(), now(), now() + '1 day', 'strict')")
            .formatted(tenant),
        ("INSERT INTO ledger.budget_action (window_id, tenant, budget_id, budget, at_percent, action, route, step,"
                + " applied, reason, spent, amount) SELECT window_id, tenant, budget_id, 'b', 80, 'ALERT', '', 1,"
                + " true, 'spent', 8, 10 FROM ledger.budget_window WHERE tenant = '%s'")
            .formatted(tenant),
        ("INSERT INTO ledger.lease (lease_id, window_id, node, spool_id, granted)"
                + " SELECT gen_random_uuid(), window_id, 'n-' || tenant, window_id, 100"
                + " FROM ledger.budget_window WHERE tenant = '%s'")
            .formatted(tenant),
        ("INSERT INTO usage.node (name, region, incarnation, spool_id, build, connected_at, last_heartbeat_at,"
                + " held) SELECT node, 'eu', 1, spool_id, 'b', now(), now(),"
                + " jsonb_build_object(lease_id, 70, gen_random_uuid(), 5)"
                + " FROM ledger.lease WHERE node = 'n-%s'")
            .formatted(tenant),
        ("INSERT INTO ledger.threshold_state SELECT window_id, 80, 'ALERT', '', 1, 10, true"
                + " FROM ledger.budget_window WHERE tenant = '%s'")
            .formatted(tenant),
        "INSERT INTO ledger.window_refusal SELECT window_id, 0 FROM ledger.budget_window WHERE tenant = '%s'"
            .formatted(tenant),
        ("INSERT INTO ledger.alert_delivery (index, url, secret_tenant, secret_name)"
                + " SELECT index, 'https://hooks.example', tenant, 's' FROM ledger.budget_action"
                + " WHERE tenant = '%s'")
            .formatted(tenant),
        ("INSERT INTO usage.unsummed SELECT spool_id, 1, 2, current_date, now() FROM usage.node"
                + " WHERE name = 'n-%s'")
            .formatted(tenant),
        ("INSERT INTO audit.event (at, actor, action, resource, tenant_path, outcome, reason, revision,"
                + " api_key_id) VALUES (now(), '%1$s', 'write', '', %2$s, 'done', '', 0, '')")
            .formatted(tenant, path(tenant)),
        "SELECT secret.add_version('%s', 's', 1, '{eu}', 'w', 's')".formatted(tenant));
  }

  private static String path(String tenant) {
    return switch (tenant) {
      case "acme" -> "'{acme}'";
      case "app" -> "'{acme,health,app}'";
      default -> "'{acme,%s}'".formatted(tenant);
    };
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT tenant FROM policy.api_key",
        "SELECT tenant FROM policy.member",
        "SELECT tenant FROM usage.spend_rollup",
        "SELECT tenant FROM usage.spend_tag_rollup",
        "SELECT tenant FROM secret.newest()",
        "SELECT substr(key_id, 8) FROM usage.api_key_use",
        "SELECT actor FROM audit.event",
      })
  void showsWhatBelongsToTheTenantAndThoseBelowIt(String sql) throws SQLException {
    assertThat(reading("health", sql)).containsExactlyInAnyOrder("health", "app");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT name FROM policy.tenant",
        "SELECT tenant FROM policy.policy",
        "SELECT tenant FROM policy.budget",
        "SELECT tenant FROM policy.route",
        "SELECT tenant FROM ledger.budget_window",
        "SELECT tenant FROM ledger.budget_action",
      })
  void showsWhatIsInheritedFromAboveAsWell(String sql) throws SQLException {
    assertThat(reading("health", sql)).containsExactlyInAnyOrder("acme", "health", "app");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT name FROM policy.tenant",
        "SELECT tenant FROM policy.api_key",
        "SELECT tenant FROM secret.newest()",
        "SELECT actor FROM audit.event",
      })
  void showsNothingToWhoeverReachesNothing(String sql) throws SQLException {
    assertThat(reading("", sql)).isEmpty();
    assertThat(reading("nobody-of-that-name", sql)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM policy.revision",
        "SELECT * FROM policy.provider",
        "SELECT * FROM ledger.lease",
        "SELECT * FROM ledger.ledger_entry",
        "SELECT * FROM usage.node",
        "SELECT * FROM usage.usage_quarantine",
        "SELECT * FROM usage.spend_tag",
        "SELECT * FROM usage.rate_share",
        "SELECT * FROM usage.unsummed",
        "SELECT * FROM ledger.window_step",
        "SELECT ledger.set_pending_cut(gen_random_uuid(), 1)",
        "SELECT ledger.lock_windows('{}')",
        "SELECT ledger.lock_leases('{}')",
        "SELECT ledger.post_all('{}', '{}', '{}', '{}', '{}', '{}')",
        "SELECT ledger.follow_budget(gen_random_uuid(), 'available', 0)",
        "SELECT ledger.age_step(gen_random_uuid(), now(), 1)",
        "INSERT INTO ledger.budget_action (tenant) VALUES ('health')",
        "SELECT * FROM ledger.threshold_state",
        "SELECT * FROM ledger.window_refusal",
        "SELECT * FROM ledger.alert_delivery",
        "UPDATE ledger.budget_action SET reason = 'mine'",
        "DELETE FROM ledger.budget_action",
        "INSERT INTO ledger.alert_delivery (index, url, secret_tenant, secret_name)"
            + " VALUES (1, 'https://mine.example', 'labs', 's')",
        "SELECT * FROM policy.idempotency_key",
        "SELECT * FROM secret.peppers()",
        "UPDATE policy.api_key SET name = 'mine'",
        "INSERT INTO policy.member VALUES (gen_random_uuid(), 'health', 'x', 'me', '{tenant-admin}')",
        "DELETE FROM policy.budget",
      })
  void keepsEverythingElseFromATenantsReads(String sql) {
    assertThatThrownBy(() -> reading("health", sql)).hasMessageContaining("permission denied");
  }

  @Test
  void changesWhatIsInReachAndNothingElse() throws SQLException {
    assertThat(changed("health", "UPDATE policy.api_key SET name = name")).isEqualTo(2);
    assertThat(changed("health", "DELETE FROM policy.member WHERE tenant = 'labs'")).isZero();
    assertThatThrownBy(() ->
            changed(
                "health",
                "INSERT INTO policy.member VALUES (gen_random_uuid(), 'labs', 'x', 'me', '{tenant-admin}')"))
        .hasMessageContaining("row-level security");
    assertThatThrownBy(() ->
            changed("health", "UPDATE policy.api_key SET tenant = 'labs' WHERE tenant = 'app'"))
        .hasMessageContaining("row-level security");
    assertThatThrownBy(() ->
            changed("health", "INSERT INTO policy.tenant (name, parent) VALUES ('x', 'acme')"))
        .hasMessageContaining("row-level security");
  }

  /** Somebody of labs, next to health: with what a read of theirs may do. */
  @Test
  void showsNoActionOfABudgetToAnotherTenant() throws SQLException {
    assertThat(reading("labs", "SELECT tenant FROM ledger.budget_action"))
        .containsExactlyInAnyOrder("acme", "labs");
    assertThat(reading("labs", "SELECT tenant FROM ledger.budget_action WHERE tenant = 'health'"))
        .isEmpty();
  }

  /**
   * With what a write of theirs may do, which sees everything: actions, where thresholds stand and
   * alerts are the control plane's own.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO ledger.budget_action (window_id, tenant, budget_id, budget, at_percent, action, route, step,"
            + " applied, reason, spent, amount) SELECT window_id, tenant, budget_id, 'b', 100, 'CAP', '', 1,"
            + " true, 'spent', 8, 10 FROM ledger.budget_window WHERE tenant = '%s'",
        "INSERT INTO ledger.threshold_state SELECT window_id, 100, 'CAP', '', 1, 10, true"
            + " FROM ledger.budget_window WHERE tenant = '%s'",
        "INSERT INTO ledger.alert_delivery (index, url, secret_tenant, secret_name)"
            + " SELECT index + 1000, 'https://mine.example', tenant, 's' FROM ledger.budget_action"
            + " WHERE tenant = '%s'",
      })
  void letsNoCallersWriteAddWhatBudgetsDo(String sql) throws SQLException {
    for (String tenant : List.of("health", "labs")) {
      assertThatThrownBy(() -> changed("labs", sql.formatted(tenant)))
          .hasMessageContaining("row-level security");
    }
  }

  @Test
  void letsNoCallersWriteChangeWhatBudgetsDo() throws SQLException {
    assertThat(changed("labs", "UPDATE ledger.alert_delivery SET url = 'https://mine.example'"))
        .isZero();
    assertThat(changed("labs", "UPDATE ledger.threshold_state SET in_force = false")).isZero();
    assertThat(changed("labs", "UPDATE ledger.window_refusal SET limit_moves = 9")).isZero();
    assertThat(changed("*", "UPDATE ledger.alert_delivery SET due_at = NULL")).isEqualTo(4);
    for (String sql :
        List.of(
            "UPDATE ledger.budget_action SET reason = 'x'", "DELETE FROM ledger.budget_action")) {
      assertThatThrownBy(() -> changed("*", sql)).hasMessageContaining("permission denied");
    }
  }

  /** What is stored and not in the sums yet: taken away, it would never be in them. */
  @Test
  void letsNoCallersWriteChangeWhatIsStillToBeAddedUp() throws SQLException {
    assertThat(changed("labs", "DELETE FROM usage.unsummed")).isZero();
    assertThat(changed("labs", "UPDATE usage.unsummed SET first_seq = 2")).isZero();
    assertThatThrownBy(() ->
            changed(
                "labs",
                "INSERT INTO usage.unsummed VALUES (gen_random_uuid(), 1, 1, current_date, now())"))
        .hasMessageContaining("row-level security");
    assertThat(changed("*", "UPDATE usage.unsummed SET first_seq = 2")).isEqualTo(4);
    assertThat(changed("*", "DELETE FROM usage.unsummed")).isEqualTo(4);
  }

  @Test
  void tellsWhatIsHeldOfWindowsInReachAlone() throws SQLException {
    String held = "SELECT tenant || ' ' || ledger.held(window_id) FROM ledger.budget_window";
    assertThat(reading("labs", held)).containsExactlyInAnyOrder("acme 70", "labs 70");
    for (String window : windows("health")) {
      assertThat(reading("labs", "SELECT ledger.held('%s')".formatted(window)))
          .containsExactly("0");
      assertThat(reading("health", "SELECT ledger.held('%s')".formatted(window)))
          .containsExactly("70");
    }
  }

  private static List<String> windows(String tenant) throws SQLException {
    return reading(
        tenant, "SELECT window_id FROM ledger.budget_window WHERE tenant = '%s'".formatted(tenant));
  }

  @Test
  void changesNothingWhereNobodySaidHowFar() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate("UPDATE policy.api_key SET name = name")).isZero();
      assertThatThrownBy(
              () -> statement.execute("INSERT INTO policy.policy (tenant) VALUES ('labs')"))
          .hasMessageContaining("row-level security");
    }
  }

  /** The first column, as the role of tenants' reads with this reach. */
  private static List<String> reading(String reach, String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET ROLE penstock_tenant");
      statement.execute("SET penstock.reads = '" + reach + "'");
      List<String> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(sql)) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
      return found;
    }
  }

  /** How many rows a write with this reach changes; undone afterwards. */
  private static int changed(String reach, String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET penstock.writes = '" + reach + "'");
      connection.setAutoCommit(false);
      int rows = statement.executeUpdate(sql);
      connection.rollback();
      return rows;
    }
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(postgres.url(), Migrations.APP_ROLE, PASSWORD);
  }
}
