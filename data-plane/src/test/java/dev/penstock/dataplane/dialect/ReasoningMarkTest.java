package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasoningMarkTest {

  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC_MESSAGES, ANTHROPIC_MESSAGES, sig==",
    "ANTHROPIC_MESSAGES, OPENAI_RESPONSES, penstock:anthropic-messages:sig==",
    "OPENAI_RESPONSES, ANTHROPIC_MESSAGES, penstock:openai-responses:sig=="
  })
  void findsBackToItsMaker(Dialect maker, Dialect client, String kept) {
    ReasoningMark mark = new ReasoningMark("sig==", maker);

    assertThat(mark.keptBy(client)).isEqualTo(kept);
    assertThat(ReasoningMark.sentBy(client, kept)).isEqualTo(mark);
  }

  @ParameterizedTest
  @CsvSource({"penstock:nobody:sig==", "penstock:", "sig:=="})
  void isTheClientsOwnWhereNoMakerIsNamed(String kept) {
    assertThat(ReasoningMark.sentBy(Dialect.MISTRAL_CHAT, kept))
        .isEqualTo(new ReasoningMark(kept, Dialect.MISTRAL_CHAT));
  }
}
