package dev.penstock.controlplane.admin;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists are filtered and sorted where the data is. */
@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class ListsTest {

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /regions?sort=-name                            | us-east eu-west
          /regions?jurisdiction=EU                       | eu-west
          /regions?jurisdiction=EU&name=us-east          | ''
          /regions?name=eu-west&name=us-east&sort=-name  | us-east eu-west
          /tenants?parent=acme                           | acme-health
          /tenants?tags.businessUnit=health              | acme-health
          /tenants?requiredTags=app                      | acme-health
          /tenants?sort=parent                           | acme-health acme
          /tenants?search=HEAL                           | acme-health
          /tenants?search=acme&sort=-name               | acme-health acme
          /tenants/acme-health/api-keys?search=nothing   | ''
          /providers?region=us-east                      | openai-us
          /providers?compliance=hipaa-baa                | openai-eu
          /providers?sort=-region                        | openai-us openai-eu
          /models?sort=-maxOutputTokens                  | assistant copilot gone-global
          /models?capabilities=tools                     | assistant
          /tenants/acme/secrets?regions=us-east          | openai-us
          /tenants/acme/policies?models.allow=copilot    | default
          /tenants/acme-health/policies?residency.regions=us-east | ''
          /tenants/acme-health/budgets?amount=5000       | month
          /tenants/acme-health/budgets?window.every=month&scope.model=assistant | month
          /tenants/acme-health/api-keys?models=assistant&tags.app=support | support-assistant
          /tenants/acme-health/api-keys?expiresAt=2027-01-01T00:00:00Z | support-assistant
          """)
  void areFilteredAndSorted(String path, String names) {
    for (int limit = 1; limit <= 3; limit++) {
      assertThat(String.join(" ", readAll(path + "&limit=" + limit, "metadata.name")))
          .isEqualTo(names);
    }
  }

  @Test
  void knowRevisionsByFieldInEitherOrder() {
    // Given
    for (int i = 0; i < 4; i++) {
      apply("apiVersion: penstock.dev/v1\nkind: Region\nmetadata: { name: r" + i + " }\nspec: {}");
    }

    // When
    List<String> down = readAll("/revisions?limit=2", "revision");
    List<String> up = readAll("/revisions?limit=2&sort=author,at", "revision");

    // Then
    assertThat(down).hasSize(5).doesNotHaveDuplicates();
    assertThat(up).isEqualTo(down.reversed());
    assertThat(readAll("/revisions?revision=" + up.getFirst(), "revision"))
        .containsExactly(up.getFirst());
    assertThat(readAll("/revisions?author=nobody", "revision")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /regions?colour=red              | colour | there are: displayName, jurisdiction, name
          /tenants/acme/budgets?sort=size  | sort   | amount, mode, name, scope.apiKey
          /nodes?colour=red                | colour | ackedRevision, appliedRevision, behindMillis
          /revisions?colour=red            | colour | there are: at, author, revision
          /requests?colour=red             | colour | apiKey, at, costNanoUsd
          /requests?sort=stream            | sort   | can be filtered, not sorted by
          /requests?status=bad             | status | expected an integer
          /requests?from=yesterday         | from   | expected a time
          /requests?to=2026-13-01T00:00:00Z | to    | expected a time
          /regions?sort=name&sort=name     | sort   | is given 2 times
          """)
  void nameTheFieldsThereAre(String path, String parameter, String detail) {
    Response refused = get(path);
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(400);
    assertThat(refused.jsonPath().getList("errors.field")).isEqualTo(List.of(parameter));
    assertThat(refused.jsonPath().getString("errors[0].detail")).contains(detail);
  }

  private static List<String> readAll(String path, String field) {
    List<String> values = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      Response page = get(path + cursor);
      assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
      page.jsonPath().getList("items." + field).forEach(value -> values.add(value.toString()));
      String next = page.jsonPath().getString("nextCursor");
      cursor = next == null ? null : "&cursor=" + next;
    }
    return values;
  }
}
