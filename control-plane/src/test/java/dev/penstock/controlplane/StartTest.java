package dev.penstock.controlplane;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.AdminClient;
import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.controlplane.snapshot.SnapshotStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class StartTest {

  @Inject SnapshotStore snapshots;

  @Test
  void isReadyOnceTheDatabaseAnswers() {
    given().get("/q/health/ready").then().statusCode(200);
  }

  /**
   * As a restart leaves the pool: full of connections of which nobody has heard that they are gone.
   */
  @Test
  void answersTheFirstRequestAfterTheDatabaseWasRestarted() throws SQLException {
    // Given
    assertThat(AdminClient.get("/regions").statusCode()).isEqualTo(200);
    assertThat(TestDatabase.cutConnections()).isPositive();

    // When
    Response first = AdminClient.get("/regions");

    // Then
    assertThat(first.statusCode()).as(first.asString()).isEqualTo(200);
  }

  @Test
  void hasNoSnapshotOfARegionNobodyNamed() {
    assertThat(snapshots.latest("nowhere")).isEmpty();
  }
}
