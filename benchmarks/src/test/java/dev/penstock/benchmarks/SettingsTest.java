package dev.penstock.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.cli.CommandFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @Test
  void measuresFiveThousandChunksASecondInRequestsOfAHundred() {
    Settings settings = Settings.standard();

    assertThat(settings.chunks().streams() * settings.chunks().chunksPerSecond()).isEqualTo(5_000);
    assertThat(settings.pacedStream().simulatorModel())
        .isEqualTo("sim-n100-b24-d50000-t50000-g1-s1");
    assertThat(settings.promptBytes()).isEqualTo(1_024);
    assertThat(settings.rounds()).isEqualTo(9);
    assertThat(settings.warmUp().chunks()).isEqualTo(2_000_000);
  }

  @Test
  void judgesByNoShortcut() {
    assertThat(Settings.standard().canJudge()).isTrue();
    assertThat(Settings.standard().with("rounds=8").canJudge()).isFalse();
    assertThat(Settings.quick().canJudge()).isFalse();
  }

  @Test
  void turnsOneKnobAndLeavesTheOthers() {
    Settings turned = Settings.standard().with("rounds=3").with("openStreams.streams=9000");

    assertThat(turned.rounds()).isEqualTo(3);
    assertThat(turned.openStreams().streams()).isEqualTo(9_000);
    assertThat(turned.chunks()).isEqualTo(Settings.standard().chunks());
    assertThat(turned.with("rounds=9").with("openStreams.streams=2000"))
        .isEqualTo(Settings.standard());
  }

  @Test
  void keepsSlowStreamsOpenLongerThanTheyAreLookedAt() {
    Settings.OpenStreams knobs = Settings.standard().openStreams();

    assertThat(Settings.standard().slowStream().length())
        .hasSeconds(knobs.rampSeconds() + knobs.seconds() + 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rounds", "rounds=", "rounds=0", "rounds=-1", "rounds=x", "chunks=3", "no.such=1"})
  void refusesWhatIsNoKnobOrNoNumber(String turn) {
    assertThatThrownBy(() -> Settings.standard().with(turn))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(turn);
  }
}
