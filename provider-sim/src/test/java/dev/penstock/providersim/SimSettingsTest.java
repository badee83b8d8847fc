package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimSettingsTest {
  @Test
  void readsEveryVariable() {
    SimSettings settings =
        SimSettings.fromEnvironment(
            Map.of(
                "PENSTOCK_BIND_HOST", "127.0.0.1",
                "PENSTOCK_SIM_PORT", "27001",
                "PENSTOCK_SIM_API_KEYS", "sk-a, sk-b,"));

    assertThat(settings.host()).isEqualTo("127.0.0.1");
    assertThat(settings.port()).isEqualTo(27_001);
    assertThat(settings.apiKeys()).containsExactlyInAnyOrder("sk-a", "sk-b");
    assertThat(settings.toString()).doesNotContain("sk-a");
  }

  @Test
  void hasDefaultsForAllButTheKeys() {
    SimSettings settings = SimSettings.fromEnvironment(Map.of("PENSTOCK_SIM_API_KEYS", "sk-a"));

    assertThat(settings.host()).isEqualTo("0.0.0.0");
    assertThat(settings.port()).isEqualTo(8_090);
  }

  @Test
  void refusesWhatCannotWork() {
    assertThatThrownBy(() -> SimSettings.fromEnvironment(Map.of()))
        .hasMessageStartingWith("PENSTOCK_SIM_API_KEYS: empty");
    assertThatThrownBy(() -> new SimSettings("127.0.0.1", 70_000, Set.of("sk-a")))
        .hasMessageStartingWith("PENSTOCK_SIM_PORT: 70000");
  }
}
