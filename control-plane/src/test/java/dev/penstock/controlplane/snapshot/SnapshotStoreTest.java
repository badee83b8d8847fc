package dev.penstock.controlplane.snapshot;

import static dev.penstock.controlplane.kit.AdminClient.apply;
import static dev.penstock.controlplane.kit.AdminClient.company;
import static dev.penstock.controlplane.kit.AdminClient.delete;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import dev.penstock.kernel.snapshot.Resource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class SnapshotStoreTest {

  private static final String REGION = "eu-west";
  private static final String ROUTE =
      """
      apiVersion: penstock.dev/v1
      kind: Route
      metadata: { tenant: acme, name: passing }
      spec:
        model: passing
        groups: [[{ deployment: assistant-eu }]]
      """;

  @Inject DataSource database;

  @BeforeEach
  void stateACompany() throws SQLException {
    TestDatabase.reset();
    assertThat(apply(company()).statusCode()).isEqualTo(200);
  }

  @Test
  void putsAnEarlierSnapshotTogetherAlsoWhereSomethingCameAndWentSince() {
    StoredSnapshot base = new SnapshotStore(database).latest(REGION).orElseThrow();

    var routed = apply(ROUTE);
    assertThat(routed.statusCode()).as(routed.asString()).isEqualTo(200);
    assertThat(keys(new SnapshotStore(database).latest(REGION).orElseThrow()))
        .isNotEqualTo(keys(base));
    assertThat(delete("/tenants/acme/routes/passing").statusCode()).isEqualTo(204);

    StoredSnapshot again = new SnapshotStore(database).at(REGION, base.revision()).orElseThrow();
    assertThat(again.revision()).isEqualTo(base.revision());
    assertThat(again.tree().digest()).isEqualTo(base.tree().digest());
    assertThat(keys(again)).isEqualTo(keys(base));
  }

  private static List<String> keys(StoredSnapshot snapshot) {
    return snapshot.tree().resources().stream().map(Resource::key).toList();
  }
}
