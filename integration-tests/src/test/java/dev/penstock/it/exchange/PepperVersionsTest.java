package dev.penstock.it.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Application;
import dev.penstock.it.kit.PenstockTester;
import dev.penstock.it.kit.Replica;
import dev.penstock.it.kit.SharedStack;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** API keys are hashed under a new pepper, and those that were hashed under the old one go on. */
@ExtendWith(SharedStack.class)
class PepperVersionsTest {
  private final PenstockTester tester;

  PepperVersionsTest(PenstockTester tester) {
    this.tester = tester;
  }

  @Test
  void takesKeysOfTheOldPepperAndOfTheNewOne() throws IOException {
    // Given
    Application application = tester.application().create();
    assertThat(pepperOf(application, "app")).isEqualTo(1);

    // When
    JsonNode applied;
    try (Replica replica = Replica.start(tester, Map.of("PENSTOCK_PEPPER_VERSION", "2"))) {
      replica.awaitReady();
      applied = tester.admin().applyEverywhere(key(application.tenant(), "second"));
    }

    // Then: whichever replica makes it, as all share the peppers
    assertThat(pepperOf(application, "second")).isEqualTo(2);
    assertThat(pepperOf(application, "app")).isEqualTo(1);
    String second = applied.path("keys").path(0).path("key").asText();
    assertThat(application.withKey(second).stream().statusCode()).isEqualTo(200);
    assertThat(application.stream().statusCode()).isEqualTo(200);
  }

  private int pepperOf(Application application, String key) {
    return tester
        .admin()
        .get("tenants/%s/api-keys/%s/keys".formatted(application.tenant(), key))
        .path("keys")
        .path(0)
        .path("pepperVersion")
        .asInt();
  }

  private static String key(String tenant, String name) {
    return """
    apiVersion: penstock.dev/v1
    kind: ApiKey
    metadata: { tenant: %s, name: %s }
    spec: {}
    """
        .formatted(tenant, name);
  }
}
