package dev.penstock.controlplane.secret;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;

@QuarkusTest
@QuarkusTestResource(ControlPlaneResource.class)
class PostgresSecretStoreTest extends SecretStoreContract {

  @Inject SecretStore store;

  @BeforeEach
  void empty() throws SQLException {
    TestDatabase.reset();
  }

  @Override
  SecretStore store() {
    return store;
  }

  @Override
  void atOnce(Runnable task) {
    QuarkusTransaction.requiringNew().run(task);
  }
}
