package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    assertThat(lost(request, Dialect.ANTHROPIC_MESSAGES, UnsupportedFields.REFUSE))
        .containsExactly("random_seed");
    assertThat(lost(request, Dialect.MISTRAL_CHAT, UnsupportedFields.REFUSE)).isEmpty();
  }

  @Test
  void whatChangesTheQuestionIsRefusedByName() {
    ModelRequest request = using(Map.of(Feature.STOP, "stop_sequences"));

    assertThatThrownBy(() -> lost(request, Dialect.OPENAI_RESPONSES, UnsupportedFields.REFUSE))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.refusal().code()).isEqualTo(Code.UNSUPPORTED_FIELD);
              assertThat(refused.refusal().param()).contains("stop_sequences");
            });
    assertThat(lost(request, Dialect.OPENAI_RESPONSES, UnsupportedFields.DROP))
        .containsExactly("stop_sequences");
  }

  @ParameterizedTest
  @EnumSource(
      value = Feature.class,
      names = {
        "WARM_CACHE",
        "PROVIDER_FILE",
        "PROVIDER_STATE",
        "PROVIDER_GUARDRAILS",
      })
  void whatIsToBeAnsweredAndWhatProtectsIsNeverDropped(Feature feature) {
    ModelRequest request = using(Map.of(feature, "there"));

    assertThatThrownBy(() -> lost(request, Dialect.MISTRAL_CHAT, UnsupportedFields.DROP))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> assertThat(refused.refusal().param()).contains("there"));
  }

  private static List<String> lost(
      ModelRequest request, Dialect to, UnsupportedFields unsupported) {
    return Losses.of(request, to, Set.of(), unsupported);
  }

  private static ModelRequest using(Map<Feature, String> used) {
    return Replay.request(false, used);
  }
}
