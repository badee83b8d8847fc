package dev.penstock.dataplane.meter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextSampleTest {

  @Test
  void keepsHowATextBeginsAndCountsAllOfIt() {
    TextSample sample = new TextSample(300);
    for (int i = 0; i < 1_000; i++) {
      add(sample, "abcdefg");
    }

    assertThat(sample.length()).isEqualTo(7_000);
    assertThat(sample.sampledLength()).isEqualTo(300);
    assertThat(sample.beginning()).hasSize(300).startsWith("abcdefgabcdefg").endsWith("f");
  }

  @Test
  void countsCharactersOfDecodedTextAndKeepsItsBytes() {
    TextSample sample = new TextSample(5);
    sample.add("ä".repeat(4));

    assertThat(sample.length()).isEqualTo(4);
    assertThat(sample.beginning()).startsWith("ää");
    assertThat(sample.sampledLength()).isBetween(2L, 3L);
  }

  @ParameterizedTest
  @CsvSource({
    "a\\nb, 'a\nb'",
    "\\\"q\\\"\\\\, '\"q\"\\'",
    "\\u00e9t\\u00E9, été",
    "\\ud83d\\ude00, 😀",
    "cut\\, cut",
    "cut\\u00, cut"
  })
  void readsEscapesAndLeavesOutThoseThatAreCut(String json, String text) {
    TextSample sample = new TextSample(100);
    add(sample, json);

    assertThat(sample.beginning()).isEqualTo(text);
  }

  @Test
  void leavesDecodedTextAsItIs() {
    TextSample sample = new TextSample(100);
    sample.add("a\\nb");

    assertThat(sample.beginning()).isEqualTo("a\\nb");
  }

  @Test
  void showsNothingOfWhatWasSaid() {
    TextSample sample = new TextSample(100);
    add(sample, "secret");

    assertThat(sample.toString()).doesNotContain("secret");
  }

  private static void add(TextSample sample, String json) {
    byte[] bytes = ("\"" + json + "\"").getBytes(StandardCharsets.UTF_8);
    sample.add(bytes, 1, bytes.length - 1);
  }
}
