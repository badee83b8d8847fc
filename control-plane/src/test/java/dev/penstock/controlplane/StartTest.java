package dev.penstock.controlplane;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.snapshot.SnapshotStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class StartTest {

  @Inject SnapshotStore snapshots;

  @Test
  void isReadyOnceTheDatabaseAnswers() {
    given().get("/q/health/ready").then().statusCode(200);
  }

  @Test
  void hasNoSnapshotOfARegionNobodyNamed() {
    assertThat(snapshots.latest("nowhere")).isEmpty();
  }
}
