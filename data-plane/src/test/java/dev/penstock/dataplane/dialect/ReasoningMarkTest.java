package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.dialect.ReasoningMark.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasoningMarkTest {

  @ParameterizedTest
  @CsvSource({
    "SIGNATURE, ANTHROPIC_MESSAGES, ANTHROPIC_MESSAGES, sig==",
    "SIGNATURE, ANTHROPIC_MESSAGES, OPENAI_RESPONSES, penstock:anthropic-messages:signature:sig==",
    "ENCRYPTED, ANTHROPIC_MESSAGES, OPENAI_RESPONSES, penstock:anthropic-messages:encrypted:sig==",
    "ENCRYPTED, OPENAI_RESPONSES, ANTHROPIC_MESSAGES, penstock:openai-responses:encrypted:sig=="
  })
  void findsBackToItsMaker(Kind kind, Dialect maker, Dialect client, String kept) {
    ReasoningMark mark = new ReasoningMark("sig==", kind, maker);

    assertThat(mark.keptBy(client)).isEqualTo(kept);
    assertThat(ReasoningMark.sentBy(client, kept, kind)).isEqualTo(mark);
  }

  @ParameterizedTest
  @CsvSource({
    "penstock:nobody:signature:sig==",
    "penstock:anthropic-messages:other:sig==",
    "penstock:",
    "sig:=="
  })
  void isTheClientsOwnWhereNoMakerIsNamed(String kept) {
    assertThat(ReasoningMark.sentBy(Dialect.MISTRAL_CHAT, kept, Kind.SIGNATURE))
        .isEqualTo(new ReasoningMark(kept, Kind.SIGNATURE, Dialect.MISTRAL_CHAT));
  }
}
