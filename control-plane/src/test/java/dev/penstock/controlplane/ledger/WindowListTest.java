package dev.penstock.controlplane.ledger;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows of a budget, those of three months long ago and the current one, which is untouched. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class WindowListTest {

  private static final String WINDOWS = "/tenants/acme-health/budgets/month/windows";

  @BeforeEach
  void stateACompanyWithAPast() throws SQLException {
    TestDatabase.reset();
    apply(company());
    try (Connection connection = TestDatabase.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO ledger.budget_window (window_id, tenant, budget_id, starts_at, ends_at, mode)
          SELECT gen_random_uuid(), tenant, budget_id, month, month + interval '1 month', 'strict'
          FROM policy.budget, generate_series('2024-01-01 00:00:00+00'::timestamptz,
            '2024-03-01 00:00:00+00', '1 month') AS month
          WHERE tenant = 'acme-health' AND name = 'month'\
          """);
    }
  }

  @Test
  void comeTheNewestFirstOrTheOldest() {
    List<String> newest = starts("");

    assertThat(newest).hasSize(4);
    assertThat(newest.subList(1, 4))
        .containsExactly("2024-03-01T00:00:00Z", "2024-02-01T00:00:00Z", "2024-01-01T00:00:00Z");
    assertThat(starts("?sort=-startsAt")).isEqualTo(newest);
    assertThat(starts("?sort=startsAt")).isEqualTo(newest.reversed());
  }

  @ParameterizedTest
  @ValueSource(strings = {"startsAt", "-startsAt"})
  void areReadPageByPageInEitherOrder(String sort) {
    List<String> read = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      Response page = get(WINDOWS + "?limit=1&sort=" + sort + cursor);
      read.addAll(page.jsonPath().getList("items.startsAt", String.class));
      String next = page.jsonPath().getString("nextCursor");
      cursor = next == null ? null : "&cursor=" + next;
    }

    assertThat(read).isEqualTo(starts("?sort=" + sort));
  }

  @Test
  void areFilteredByTheirStart() {
    assertThat(starts("?from=2024-02-01T00:00:00Z&to=2024-03-01T00:00:00Z"))
        .containsExactly("2024-02-01T00:00:00Z");
    assertThat(starts("?to=2024-02-01T00:00:00Z")).containsExactly("2024-01-01T00:00:00Z");
    assertThat(starts("?from=2024-02-15T00:00:00Z&sort=startsAt")).hasSize(2);
    assertThat(starts("?from=2024-04-01T00:00:00Z&to=2025-01-01T00:00:00Z")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sort=spent", "from=yesterday", "cursor=eA", "limit=0", "spent=1"})
  void refuseWhatTheyCannotBeAskedFor(String parameter) {
    Response refused = get(WINDOWS + "?" + parameter);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.jsonPath().getList("errors.field"))
        .isEqualTo(List.of(parameter.substring(0, parameter.indexOf('='))));
  }

  private static List<String> starts(String query) {
    Response page = get(WINDOWS + query);
    assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
    return page.jsonPath().getList("items.startsAt", String.class);
  }
}
