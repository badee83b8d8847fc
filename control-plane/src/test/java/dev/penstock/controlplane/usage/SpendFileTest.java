package dev.penstock.controlplane.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file of spend that is larger than what sockets hold, read by somebody who takes their time. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class SpendFileTest {

  private static final int ROWS = 6 * SpendResource.AT_A_TIME + 1;

  @BeforeEach
  void spend() throws SQLException {
    execute(
        """
        INSERT INTO usage.spend_rollup (grain, bucket, tenant, api_key, model, provider, region,
          requests, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens,
          reasoning_tokens, cost_nusd, ttft_count, ttft_sum_micros, ttft)
        SELECT 5, timestamptz '2020-01-01 00:00:00+00' + make_interval(mins => 5 * (i %% 2)), 'of-a-file',
          'key-' || i || repeat('x', 400), 'm', 'p', 'eu-west', 1, 1, 0, 0, 1, 0, i, 1, 1, 1
        FROM generate_series(1, %d) AS i\
        """
            .formatted(ROWS));
  }

  @AfterEach
  void forget() throws SQLException {
    execute("DELETE FROM usage.spend_rollup WHERE tenant = 'of-a-file'");
  }

  @Test
  void takesNothingOfTheDatabaseWhileItsReaderWaits() throws IOException, SQLException {
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(4096);
      socket.connect(new InetSocketAddress("127.0.0.1", RestAssured.port));
      socket
          .getOutputStream()
          .write(
              """
              GET /api/v1/spend?groupBy=apiKey&step=5m&tenant=of-a-file&from=2020-01-01T00:00:00Z&to=2020-01-01T00:10:00Z HTTP/1.0\r
              Authorization: Bearer %s\r
              Accept: text/csv\r
              \r
              """
                  .formatted(ControlPlaneResource.ADMIN_TOKEN)
                  .getBytes(UTF_8));
      BufferedReader reader =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8), 1024);

      assertThat(reader.readLine()).contains(" 200 ");
      assertThat(headers(reader)).anyMatch(line -> line.startsWith(SpendResource.UNTIL + ": 20"));
      await().untilAsserted(() -> assertThat(readingSpend()).isZero());

      assertThat(reader.lines().filter(line -> line.contains("key-")).distinct()).hasSize(ROWS);
    }
  }

  private static List<String> headers(BufferedReader reader) throws IOException {
    List<String> headers = new ArrayList<>();
    for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
      headers.add(line);
    }
    return headers;
  }

  /** Transactions that have not ended, and were last asked for rows of spend. */
  private static int readingSpend() throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle'"
                    + " AND pid <> pg_backend_pid() AND query LIKE '%spend_rollup%'")) {
      row.next();
      return row.getInt(1);
    }
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
