package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.dataplane.dialect.Losses.Leniency;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LossesTest {

  @Test
  void everyFeatureIsLostSomewhereAndNowhereTwice() {
    Set<List<Object>> seen = new HashSet<>();
    Set<Feature> features = new HashSet<>();
    for (Loss loss : Losses.table()) {
      assertThat(seen.add(List.of(loss.feature(), loss.to()))).as("%s", loss).isTrue();
      features.add(loss.feature());
    }
    assertThat(features).containsExactlyInAnyOrder(Feature.values());
  }

  @Test
  void aHintIsDroppedUnderTheClientsName() {
    ModelRequest request = using(Map.of(Feature.SEED, "random_seed", Feature.STOP, "stop"));

    assertThat(Losses.of(request, Dialect.ANTHROPIC_MESSAGES, Leniency.REFUSE))
        .containsExactly("random_seed");
    assertThat(Losses.of(request, Dialect.MISTRAL_CHAT, Leniency.REFUSE)).isEmpty();
  }

  @Test
  void whatChangesTheQuestionIsRefusedByName() {
    ModelRequest request = using(Map.of(Feature.STOP, "stop_sequences"));

    assertThatThrownBy(() -> Losses.of(request, Dialect.OPENAI_RESPONSES, Leniency.REFUSE))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.refusal().code()).isEqualTo(Code.UNSUPPORTED_FIELD);
              assertThat(refused.refusal().param()).contains("stop_sequences");
            });
    assertThat(Losses.of(request, Dialect.OPENAI_RESPONSES, Leniency.DROP))
        .containsExactly("stop_sequences");
  }

  private static ModelRequest using(Map<Feature, String> used) {
    return Replay.request(false, used);
  }
}
