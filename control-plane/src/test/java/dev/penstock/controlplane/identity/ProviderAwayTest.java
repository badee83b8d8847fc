package dev.penstock.controlplane.identity;

import static dev.penstock.controlplane.kit.AdminClient.admin;
import static dev.penstock.controlplane.kit.AdminClient.as;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.controlplane.kit.ControlPlaneResource;
import dev.penstock.controlplane.kit.TestToken;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ProviderAwayTest.NobodyListens.class)
@QuarkusTestResource(ControlPlaneResource.class)
class ProviderAwayTest {

  /** Port 9 of this machine: nobody is there. */
  public static final class NobodyListens implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("penstock.oidc.issuer", "http://127.0.0.1:9/realms/penstock");
    }
  }

  @Test
  void worksForTheAdminTokenAndSaysWhyItCannotForOthers() {
    assertThat(admin().get("/tenants").statusCode()).isEqualTo(200);

    var undecided = as(TestToken.of("audrey").roles("security-auditor")).get("/tenants");

    assertThat(undecided.statusCode()).as(undecided.asString()).isEqualTo(503);
    assertThat(undecided.contentType()).isEqualTo("application/problem+json");
  }
}
