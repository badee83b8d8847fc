package dev.penstock.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KindTest {

  @ParameterizedTest
  @CsvSource({
    "tenant, tenants",
    "Tenants, tenants",
    "ApiKey, api-keys",
    "api-key, api-keys",
    "apikeys, api-keys",
    "policy, policies",
    "RateLimit, rate-limits",
    "nodes, nodes"
  })
  void takesWhatPeopleType(String typed, String path) {
    assertThat(Kind.parse(typed).listPath()).isEqualTo(path);
  }

  @Test
  void listsTheKindsWhenItKnowsNoSuch() {
    assertThatThrownBy(() -> Kind.parse("dragon"))
        .hasMessageContaining("tenants, providers, models");
  }
}
