package dev.penstock.dataplane.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.money.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiUsageTest {

  @Test
  void countsEveryKindThatIsCharged() {
    assertThat(
            read(
                """
                {"prompt_tokens":100,"completion_tokens":50,"total_tokens":150,
                 "prompt_tokens_details":{"cached_tokens":40,"cache_write_tokens":10,"audio_tokens":20},
                 "completion_tokens_details":{"reasoning_tokens":15,"audio_tokens":5}}
                """))
        .contains(new Tokens(100, 40, 10, 0, 20, 50, 15, 5));
  }

  @Test
  void audioThatCameFromTheCacheIsCountedOnce() {
    assertThat(
            read(
                """
                {"input_tokens":100,"output_tokens":5,
                 "input_tokens_details":{"cached_tokens":90,"audio_tokens":60}}
                """))
        .contains(new Tokens(100, 90, 0, 0, 10, 5, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"prompt_tokens\":9}",
        "{\"prompt_tokens\":-1,\"completion_tokens\":2}",
        "{\"prompt_tokens\":1e3,\"completion_tokens\":2}",
        "{\"prompt_tokens\":9000000000,\"completion_tokens\":2}",
        "{\"prompt_tokens\":9,\"completion_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":10}}",
        "{\"prompt_tokens\":9,\"completion_tokens\":2,\"completion_tokens_details\":{\"reasoning_tokens\":3}}"
      })
  void believesNoCountThatCannotBe(String usage) {
    assertThat(read(usage)).isEmpty();
  }

  private static Optional<Tokens> read(String usage) {
    byte[] bytes = usage.strip().getBytes(StandardCharsets.UTF_8);
    return OpenAiUsage.read(bytes, 0, bytes.length);
  }
}
