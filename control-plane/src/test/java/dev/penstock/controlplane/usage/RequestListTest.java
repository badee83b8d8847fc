package dev.penstock.controlplane.usage;

import static dev.penstock.controlplane.kit.AdminClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Seven records of one tenant; a letter of each, its subject, names it. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class RequestListTest {

  private final String tenant = "list-" + UUID.randomUUID();

  @BeforeEach
  void record() throws SQLException {
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT usage.open_day(current_date)");
      record(statement, "a", "2026-11-01T08:00:00Z", 500, 200, "served");
      record(statement, "b", "2026-11-01T09:00:00Z", 100, 200, "served");
      record(statement, "c", "2026-11-01T10:00:00Z", 500, 403, "denied");
      record(statement, "d", "2026-11-01T10:00:00.000001Z", 100, 200, "served");
      record(statement, "e", "2026-11-01T11:00:00Z", 900, 502, "failed");
      record(statement, "f", "2026-11-01T12:00:00Z", 100, 429, "denied");
      record(statement, "g", "2026-11-01T13:00:00Z", 500, 200, "served");
    }
  }

  private void record(
      Statement statement, String name, String at, long cost, int status, String outcome)
      throws SQLException {
    statement.execute(
        """
        INSERT INTO usage.request_record VALUES (
          current_date, '%1$s', 1, '%1$s', '%2$s', 'n', 'eu-west', '%3$s', '{%3$s}', '', '', '%4$s',
          '{}', '', '', false, '', 'm', '', '', '', '', 0, 1, '[]', '[]', 0, 0, %5$d, 10, 2, 3, 20, 5,
          '', %5$d, '%6$s', '', %7$d, false, '[]')\
        """
            .formatted(UUID.randomUUID(), at, tenant, name, cost, outcome, status));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sort=-at                              | gfedcba
          sort=at                               | abcdefg
          sort=costNanoUsd,at                   | bdfacge
          sort=-costNanoUsd,-at                 | egcafdb
          sort=status,-costNanoUsd,at           | agbdcfe
          outcome=denied                        | fc
          outcome=denied&outcome=failed&sort=at | cef
          status=200&sort=subject               | abdg
          costNanoUsd=900                       | e
          presumed=false&stream=false&tokens.cacheRead=2&subject=d | d
          presumed=true                         | ''
          from=2026-11-01T10:00:00Z&to=2026-11-01T12:00:00Z | edc
          from=2026-11-01T10:00:00.000001Z&sort=at          | defg
          """)
  void isFilteredAndSortedOnEveryPage(String query, String names) {
    for (int limit = 1; limit <= 8; limit++) {
      assertThat(readAll(query + "&limit=" + limit)).as("limit %d", limit).isEqualTo(names);
    }
  }

  private String readAll(String query) {
    List<String> names = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      Response page = get("/requests?tenant=" + tenant + "&" + query + cursor);
      assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
      names.addAll(page.jsonPath().getList("items.subject", String.class));
      String next = page.jsonPath().getString("nextCursor");
      cursor = next == null ? null : "&cursor=" + next;
    }
    return String.join("", names);
  }
}
