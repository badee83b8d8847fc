package dev.penstock.controlplane.alert;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.penstock.controlplane.database.Transactions;
import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.ledger.LeaseAsk;
import dev.penstock.controlplane.ledger.Ledger;
import dev.penstock.controlplane.ledger.Settling;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Alerts over real sockets, from the ledger to whoever is told. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class AlertsTest {

  private static final String SECRET = "canary-of-the-webhook";

  @Inject Ledger ledger;
  @Inject Transactions transactions;

  private record Told(String id, String timestamp, String signature, byte[] body) {}

  private final List<Told> told = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer receiver;
  private volatile int status = 204;

  @BeforeEach
  void listen() throws SQLException, IOException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
    Response secret =
        apply(
            """
            apiVersion: penstock.dev/v1
            kind: Secret
            metadata: { tenant: acme, name: alerts }
            spec: { regions: [eu-west], value: { literal: %s } }
            """
                .formatted(SECRET));
    assertThat(secret.statusCode()).as(secret.asString()).isEqualTo(200);
    receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    receiver.createContext(
        "/alerts",
        exchange -> {
          var headers = exchange.getRequestHeaders();
          told.add(
              new Told(
                  headers.getFirst("webhook-id"),
                  headers.getFirst("webhook-timestamp"),
                  headers.getFirst("webhook-signature"),
                  exchange.getRequestBody().readAllBytes()));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    receiver.setExecutor(threads);
    receiver.start();
  }

  @AfterEach
  void close() {
    receiver.stop(0);
    threads.shutdownNow();
  }

  @Test
  void tellsOnceAndSigns() throws SQLException {
    spend(budget(url()), 850_000_000);

    await().untilAsserted(() -> assertThat(told).isNotEmpty());
    await().untilAsserted(() -> assertThat(one("count(delivered_at)")).isEqualTo("1"));

    Told alert = told.getFirst();
    assertThat(told).hasSize(1);
    assertThat(alert.signature())
        .isEqualTo(
            AlertSignature.of(SECRET.getBytes(UTF_8))
                .sign(alert.id(), Long.parseLong(alert.timestamp()), alert.body()));
    assertThat(new String(alert.body(), UTF_8))
        .contains(
            "\"type\":\"budget.alert\"",
            "\"tenant\":\"acme-health\"",
            "\"budget\":\"b\"",
            "\"atPercent\":80",
            "\"spent\":\"850000000\"")
        .doesNotContain(SECRET);
  }

  @Test
  void triesAgainUnderTheSameId() throws SQLException {
    status = 500;
    spend(budget(url()), 850_000_000);
    await().untilAsserted(() -> assertThat(one("max(reason)")).isEqualTo("HTTP status 500"));
    assertThat(one("max(attempts)")).isEqualTo("1");

    status = 200;
    change("UPDATE ledger.alert_delivery SET due_at = now() WHERE due_at IS NOT NULL");
    await().untilAsserted(() -> assertThat(one("count(delivered_at)")).isEqualTo("1"));

    assertThat(told).hasSize(2);
    assertThat(told.get(1).id()).isEqualTo(told.get(0).id());
  }

  @Test
  void givesUpAfterItsLastAttempt() throws SQLException {
    status = 410;
    spend(budget(url()), 850_000_000);
    await().untilAsserted(() -> assertThat(one("max(reason)")).isEqualTo("HTTP status 410"));

    change(
        "UPDATE ledger.alert_delivery SET due_at = now(), attempts = 9 WHERE due_at IS NOT NULL");

    await().untilAsserted(() -> assertThat(one("count(due_at)")).isEqualTo("0"));
    assertThat(one("max(attempts)")).isEqualTo("10");
    assertThat(one("count(delivered_at)")).isEqualTo("0");
  }

  @Test
  void givesUpWhatWasNeverTriedToTheEnd() throws SQLException {
    status = 500;
    spend(budget(url()), 850_000_000);
    await().untilAsserted(() -> assertThat(one("max(reason)")).isEqualTo("HTTP status 500"));
    int before = told.size();

    change("UPDATE ledger.alert_delivery SET due_at = now(), attempts = 10");

    await().untilAsserted(() -> assertThat(one("count(due_at)")).isEqualTo("0"));
    assertThat(told).hasSize(before);
  }

  @Test
  void holdsUpNobodyWhereAReceiverIsSlow() throws SQLException {
    CountDownLatch other = new CountDownLatch(1);
    receiver.createContext(
        "/slow",
        exchange -> {
          // Answers once the other tenant has been told, and badly where that waits for it.
          exchange.sendResponseHeaders(isSoon(other) ? 204 : 500, -1);
          exchange.close();
        });
    receiver.createContext(
        "/other",
        exchange -> {
          other.countDown();
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    UUID slow = budget(url().replace("/alerts", "/slow"));
    UUID fast =
        state(
            BUDGET
                .formatted(url().replace("/alerts", "/other"))
                .replace("tenant: acme-health, name: b", "tenant: acme, name: b"),
            "acme");

    spend(slow, 850_000_000);
    await().untilAsserted(() -> assertThat(one("count(*)")).isEqualTo("1"));
    spend(fast, 850_000_000);

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(one("count(delivered_at)")).isEqualTo("2"));
    assertThat(one("max(attempts)")).isEqualTo("1");
  }

  private static boolean isSoon(CountDownLatch latch) {
    try {
      return latch.await(8, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {url: "https://169.254.169.254/x", secret: {tenant: acme, name: alerts}} | spec.webhook.url
          {url: "https://10.0.0.1/x", secret: {tenant: acme, name: alerts}}        | spec.webhook.url
          {url: "http://hooks.example.com/x", secret: {tenant: acme, name: alerts}} | spec.webhook.url
          {url: "https://hooks.example.com/x", secret: {tenant: acme, name: nope}} | spec.webhook.secret
          {url: "https://hooks.example.com/x"}                                     | spec.webhook.secret
          {secret: {tenant: acme, name: alerts}}                                   | spec.webhook.url
          """)
  void namesTheFieldThatIsWrong(String webhook, String field) {
    Response refused = apply(BUDGET.formatted(webhook));

    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.jsonPath().getList("errors.field", String.class))
        .anyMatch(named -> named.endsWith(field));
  }

  private String url() {
    return "{url: \"http://127.0.0.1:%d/alerts\", secret: {tenant: acme, name: alerts}}"
        .formatted(receiver.getAddress().getPort());
  }

  private static final String BUDGET =
      """
      apiVersion: penstock.dev/v1
      kind: Budget
      metadata: { tenant: acme-health, name: b }
      spec:
        amount: "1.00"
        window: { every: year }
        thresholds: [{ at: 80%%, action: alert }]
        webhook: %s
      """;

  private static UUID budget(String webhook) throws SQLException {
    change("DELETE FROM ledger.alert_delivery");
    UUID budget = state(BUDGET.formatted(webhook), "acme-health");
    assertThat(
            get("/tenants/acme-health/budgets/b").jsonPath().getString("spec.webhook.secret.name"))
        .isEqualTo("alerts");
    return budget;
  }

  private static UUID state(String manifest, String tenant) throws SQLException {
    Response applied = apply(manifest);
    assertThat(applied.statusCode()).as(applied.asString()).isEqualTo(200);
    try (Connection connection = TestDatabase.connect();
        PreparedStatement select =
            connection.prepareStatement(
                "SELECT budget_id FROM policy.budget WHERE tenant = ? AND name = 'b'")) {
      select.setString(1, tenant);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getObject(1, UUID.class);
      }
    }
  }

  private void spend(UUID budget, long amount) throws SQLException {
    UUID lease = UUID.randomUUID();
    UUID spool = UUID.randomUUID();
    ledger.request(new LeaseAsk(lease, budget, "n1", spool, 1, 0, 0, 0, 0));
    transactions.inOne(connection -> {
      ledger.settle(connection, List.of(new Settling(spool, 1, 1, Map.of(lease, amount))));
      return amount;
    });
  }

  private static String one(String what) throws SQLException {
    try (Connection connection = TestDatabase.connect();
        PreparedStatement select =
            connection.prepareStatement("SELECT %s FROM ledger.alert_delivery".formatted(what));
        ResultSet row = select.executeQuery()) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  private static void change(String sql) throws SQLException {
    try (Connection connection = TestDatabase.connect();
        PreparedStatement update = connection.prepareStatement(sql)) {
      update.executeUpdate();
    }
  }
}
