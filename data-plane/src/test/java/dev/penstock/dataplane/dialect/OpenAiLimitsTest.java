package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiLimitsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0ms",
    "12, 12ms",
    "1000, 1s",
    "1500, 1.5s",
    "59999, 59.999s",
    "60000, 1m0s",
    "360000, 6m0s",
    "90050, 1m30.05s"
  })
  void writesASpanAsOpenAiDoes(long millis, String span) {
    assertThat(OpenAiLimits.span(Duration.ofMillis(millis))).isEqualTo(span);
  }
}
