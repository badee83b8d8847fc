package dev.penstock.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.migrations.kit.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody who has stolen the application's database password can not do. */
class AppRoleTest {

  private static final String APP_PASSWORD = "it's a \"password\"";

  @SuppressWarnings("NullAway.Init") // set by migrate()
  private static TestPostgres postgres;

  @SuppressWarnings("NullAway.Init") // set by migrate()
  private static String adminUrl;

  @BeforeAll
  static void migrate() throws SQLException {
    postgres = TestPostgres.start();
    adminUrl = postgres.adminUrl();
    Migrations.run(postgres.url(), postgres.admin(), postgres.adminPassword(), APP_PASSWORD);
    try (Connection admin = DriverManager.getConnection(adminUrl);
        Statement statement = admin.createStatement()) {
      // Stands for any table that a later migration adds without a word about privileges.
      for (String schema : new String[] {"ledger", "usage", "audit", "secret"}) {
        statement.execute("SET ROLE penstock_" + schema + "_owner");
        statement.execute("CREATE TABLE " + schema + ".later (id int)");
        statement.execute(
            "CREATE FUNCTION " + schema + ".later() RETURNS int LANGUAGE sql AS 'SELECT 1'");
        statement.execute("RESET ROLE");
      }
    }
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void mayBeRunAgain() throws SQLException {
    Migrations.run(postgres.url(), postgres.admin(), postgres.adminPassword(), APP_PASSWORD);
    assertThat(asApp("SELECT revision FROM policy.head")).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // schema secret: through functions only
        "SELECT * FROM secret.secret",
        "SELECT sealed FROM secret.pepper",
        "INSERT INTO secret.pepper VALUES (9, 'x', 'x')",
        "UPDATE secret.secret SET sealed = 'x'",
        "DELETE FROM secret.secret",
        "TRUNCATE secret.secret",
        "COPY secret.secret TO STDOUT",
        "CREATE FUNCTION secret.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION secret.remove(p_tenant text, p_name text) RETURNS void"
            + " LANGUAGE sql AS ''",
        "ALTER FUNCTION secret.newest() SECURITY INVOKER",
        // history is appended and read
        "UPDATE audit.event SET actor = 'somebody else'",
        "DELETE FROM audit.event",
        "TRUNCATE audit.event",
        "UPDATE policy.revision SET author = 'somebody else'",
        "DELETE FROM policy.revision",
        "TRUNCATE policy.revision",
        // money moves by functions, and what has moved stays written
        "UPDATE ledger.budget_window SET available = available + 1, limit_nusd = limit_nusd + 1",
        "INSERT INTO ledger.ledger_entry (txn_id, line) VALUES (gen_random_uuid(), 1)",
        "UPDATE ledger.ledger_entry SET amount = 1",
        "DELETE FROM ledger.ledger_entry",
        "TRUNCATE ledger.ledger_entry",
        "UPDATE ledger.lease SET settled = 0",
        "DELETE FROM ledger.lease",
        "UPDATE ledger.window_step SET spent = 1",
        "DELETE FROM ledger.window_step",
        "SELECT ledger.count_in_step(gen_random_uuid(), 1)",
        "INSERT INTO ledger.timeline VALUES ('00000009')",
        "UPDATE ledger.budget_action SET spent = 0",
        "DELETE FROM ledger.budget_action",
        "TRUNCATE ledger.budget_action",
        "DELETE FROM ledger.alert_delivery",
        "DELETE FROM ledger.threshold_state",
        "UPDATE usage.spend_tag SET value = 'x'",
        "DELETE FROM usage.spend_rollup",
        "DELETE FROM usage.spend_tag_rollup",
        "DELETE FROM usage.rate_share",
        "CREATE OR REPLACE FUNCTION ledger.is_learning(p_seconds integer) RETURNS boolean"
            + " LANGUAGE sql AS 'SELECT false'",
        "INSERT INTO policy.head VALUES (false, 1)",
        "DELETE FROM policy.head",
        // what no migration has granted is not there
        "SELECT * FROM ledger.later",
        "UPDATE ledger.later SET id = 1",
        "DELETE FROM audit.later",
        "UPDATE audit.later SET id = 1",
        "INSERT INTO usage.later VALUES (1)",
        "SELECT * FROM secret.later",
        "SELECT secret.later()",
        "SELECT ledger.later()",
        // it owns nothing and makes nothing
        "CREATE TABLE policy.mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "ALTER TABLE policy.tenant ADD COLUMN mine text",
        "DROP TABLE policy.tenant",
        "CREATE EXTENSION dblink SCHEMA policy",
        "SELECT * FROM migrations.flyway_schema_history",
        // it becomes nobody else
        "SET ROLE penstock_secret_owner",
        "SET ROLE penstock_policy_owner",
        "SET ROLE postgres",
        "SET SESSION AUTHORIZATION postgres",
        "GRANT penstock_secret_owner TO penstock_app",
        "GRANT SELECT ON secret.secret TO penstock_app",
        "CREATE ROLE mine",
        "ALTER ROLE penstock_secret_owner LOGIN",
        "ALTER ROLE penstock_app SUPERUSER",
        "SELECT rolpassword FROM pg_authid",
        // and leaves the database by no other door
        "COPY (SELECT 1) TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT lo_import('/etc/passwd')",
      })
  void isRefused(String sql) {
    assertThatThrownBy(() -> asApp(sql))
        .isInstanceOf(SQLException.class)
        .satisfies(e ->
            assertThat(((SQLException) e).getSQLState()).as(e.getMessage()).isEqualTo("42501"));
  }

  private static final String OURS =
      "('policy'::regnamespace, 'secret'::regnamespace, 'ledger'::regnamespace,"
          + " 'usage'::regnamespace, 'audit'::regnamespace)";

  @Test
  void cannotShadowWhatAFunctionOfAnOwnerCalls() throws SQLException {
    assertThat(
            asApp(
                """
                SELECT string_agg(proname, ',') FROM pg_proc
                WHERE prosecdef AND pronamespace IN %s
                  AND NOT coalesce(proconfig::text LIKE '%%search_path=pg_catalog, pg_temp%%', false)\
                """
                    .formatted(OURS)))
        .isNull();
  }

  @Test
  void noFunctionIsForEverybody() throws SQLException {
    assertThat(
            asApp(
                """
                SELECT string_agg(p.oid::regprocedure::text, ',') FROM pg_proc p
                WHERE p.pronamespace IN %s AND has_function_privilege('public', p.oid, 'EXECUTE')\
                """
                    .formatted(OURS)))
        .isNull();
  }

  @Test
  void noTableIsForEverybody() throws SQLException {
    assertThat(
            asApp(
                """
                SELECT string_agg(c.oid::regclass::text, ',') FROM pg_class c
                WHERE c.relnamespace IN %s AND c.relkind IN ('r', 'p', 'v', 'm')
                  AND has_table_privilege('public', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')\
                """
                    .formatted(OURS)))
        .isNull();
  }

  /** A role of tenants' reads sees rows of its own alone, so a table without rules must be shut. */
  @Test
  void whateverTenantsReadHasRowSecurity() throws SQLException {
    assertThat(
            asApp(
                """
                SELECT string_agg(c.oid::regclass::text, ',') FROM pg_class c
                WHERE c.relnamespace IN %s AND c.relkind IN ('r', 'p', 'v', 'm')
                  AND has_table_privilege('penstock_tenant', c.oid, 'SELECT') AND NOT c.relrowsecurity\
                """
                    .formatted(OURS)))
        .isNull();
  }

  @Test
  void reachesSecretsThroughFunctions() throws SQLException {
    asApp("SELECT secret.add_version('acme', 'upstream', 1, ARRAY['eu'], 'wrapped', 'sealed')");
    asApp("SELECT secret.add_version('acme', 'upstream', 2, ARRAY['eu'], 'wrapped', 'sealed')");
    assertThat(asApp("SELECT version FROM secret.newest() WHERE tenant = 'acme'")).isEqualTo("2");
    asApp("SELECT secret.remove('acme', 'upstream')");
    assertThat(asApp("SELECT count(*) FROM secret.newest()")).isEqualTo("0");
  }

  @Test
  void writesPolicy() throws SQLException {
    asApp("INSERT INTO policy.region (name) VALUES ('eu')");
    asApp("UPDATE policy.region SET display_name = 'EU' WHERE name = 'eu'");
    assertThat(asApp("SELECT display_name FROM policy.region")).isEqualTo("EU");
    asApp("DELETE FROM policy.region");
  }

  @Test
  void ownsNothing() throws SQLException {
    assertThat(
            asApp(
                """
                SELECT string_agg(relname, ',') FROM pg_class
                WHERE pg_get_userbyid(relowner) = 'penstock_app'\
                """))
        .isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit.event SET actor = 'somebody else'",
        "DELETE FROM audit.event",
        "TRUNCATE audit.event",
      })
  void auditEventsAreAppendedEvenByTheirOwner(String sql) throws SQLException {
    asApp(
        """
        INSERT INTO audit.event
          (at, actor, action, resource, tenant_path, outcome, reason, revision, api_key_id)
        VALUES (now(), 'admin-token', 'create', 'Tenant acme', '{acme}', 'done', '', 1, '')\
        """);
    assertThatThrownBy(() -> asOwner("audit", sql))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("appended and read");
    assertThat(asApp("SELECT actor FROM audit.event LIMIT 1")).isEqualTo("admin-token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE ledger.ledger_entry SET amount = 1",
        "DELETE FROM ledger.ledger_entry",
        "TRUNCATE ledger.ledger_entry",
        "UPDATE ledger.budget_action SET spent = 0",
        "DELETE FROM ledger.budget_action",
        "TRUNCATE ledger.budget_action CASCADE",
      })
  void theBooksAreAppendedEvenByTheirOwner(String sql) {
    assertThatThrownBy(() -> asOwner("ledger", sql))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("appended and read");
  }

  private static void asOwner(String schema, String sql) throws SQLException {
    try (Connection admin = DriverManager.getConnection(adminUrl);
        Statement statement = admin.createStatement()) {
      statement.execute("SET ROLE penstock_" + schema + "_owner");
      statement.execute(sql);
    }
  }

  @Test
  void keepsOneRootTenant() throws SQLException {
    try {
      asApp("INSERT INTO policy.tenant (name) VALUES ('acme')");
      assertThatThrownBy(() -> asApp("INSERT INTO policy.tenant (name) VALUES ('other')"))
          .hasMessageContaining("tenant_root");
    } finally {
      asApp("DELETE FROM policy.tenant");
    }
  }

  /** The first column of the first row, if any; committed. With the widest reach there is. */
  private static @Nullable String asApp(String sql) throws SQLException {
    String url = postgres.url() + "?options=-c%20penstock.reads=*%20-c%20penstock.writes=*";
    try (Connection app = DriverManager.getConnection(url, Migrations.APP_ROLE, APP_PASSWORD);
        Statement statement = app.createStatement()) {
      if (!statement.execute(sql)) {
        return null;
      }
      try (ResultSet rows = statement.getResultSet()) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }
}
