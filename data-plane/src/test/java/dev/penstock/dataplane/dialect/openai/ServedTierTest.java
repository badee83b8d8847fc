package dev.penstock.dataplane.dialect.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServedTierTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "1 | {\"usage\":{},\"service_tier\":\"flex\"} | flex",
        "1 | { \"service_tier\" : \"priority\" , \"choices\":[]} | priority",
        "1 | {\"service_tier\":null} | ``",
        "1 | {\"metadata\":{\"service_tier\":\"flex\"}} | ``",
        "1 | {\"text\":\"\\\"service_tier\\\":\\\"flex\\\"\"} | ``",
        "2 | {\"type\":\"response.completed\",\"response\":{\"service_tier\":\"default\"}} | default",
        "2 | {\"response\":{\"metadata\":{\"service_tier\":\"flex\"},\"service_tier\":\"priority\"}} | priority",
        "2 | {\"response\":{\"metadata\":{\"service_tier\":\"flex\"}}} | ``"
      })
  void readsTheMemberAndNothingThatAClientOrAModelSays(int depth, String json, String tier) {
    byte[] bytes = (" " + json).getBytes(StandardCharsets.UTF_8);

    assertThat(ServedTier.in(bytes, 1, bytes.length, depth)).isEqualTo(tier);
  }
}
