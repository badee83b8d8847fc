package dev.penstock.dataplane.meter;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.api.EncodingType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerTest {

  @ParameterizedTest
  @CsvSource({
    "gpt-4o-mini, O200K_BASE, 100",
    "gpt-4.1, O200K_BASE, 100",
    "gpt-6-sol, O200K_BASE, 100",
    "openai/gpt-5.5, O200K_BASE, 100",
    "o3, O200K_BASE, 100",
    "o4-mini, O200K_BASE, 100",
    "gpt-4, CL100K_BASE, 100",
    "gpt-4-turbo, CL100K_BASE, 100",
    "gpt-3.5-turbo, CL100K_BASE, 100",
    "text-embedding-3-small, CL100K_BASE, 100",
    "claude-sonnet-4-5, O200K_BASE, 120",
    "claude-3-5-sonnet-latest, O200K_BASE, 120",
    "claude-opus-4-7, O200K_BASE, 160",
    "eu.anthropic.claude-opus-5-5-20260901, O200K_BASE, 160",
    "mistral-large-2512, O200K_BASE, 115",
    "meta-llama/Llama-3.3-70B-Instruct, O200K_BASE, 105",
    "qwen3-32b, O200K_BASE, 120"
  })
  void knowsWhatComesNearAModelsOwn(String model, EncodingType encoding, int percent) {
    assertThat(Tokenizer.of(model, "assistant")).isEqualTo(new Tokenizer(encoding, percent));
  }

  @Test
  void goesByOurNameWhereTheProvidersSaysNothing() {
    assertThat(Tokenizer.of("production-deployment", "gpt-4").encoding())
        .isEqualTo(EncodingType.CL100K_BASE);
  }

  @ParameterizedTest
  @CsvSource({
    "hello world, 100, 2",
    "hello world, 160, 4", // 3.2
    "The quick brown fox jumps over the lazy dog, 100, 9",
    "'', 100, 0"
  })
  void countsTokens(String text, int percent, long tokens) {
    TextSample sample = new TextSample(100);
    sample.add(text);

    assertThat(new Tokenizer(EncodingType.O200K_BASE, percent).count(sample)).isEqualTo(tokens);
  }

  @Test
  void takesTheRestForWhatTheBeginningIsLike() {
    TextSample sample = new TextSample(1_100); // a hundred times "hello world"
    for (int i = 0; i < 5_000; i++) {
      sample.add("hello world");
    }

    assertThat(new Tokenizer(EncodingType.O200K_BASE, 100).count(sample))
        .isBetween(9_900L, 15_100L);
  }
}
