package dev.penstock.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTextTest {

  @Test
  void quotesWhatWouldBreakALine() {
    assertThat(CsvText.line(List.of("plain", "a,b", "say \"hi\"", "two\nlines", 7, "")))
        .isEqualTo("plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",7,\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＠x"})
  void letsNoTextBeAFormula(String text) {
    assertThat(CsvText.line(List.of(text)).replace("\"", "")).startsWith("'" + text.charAt(0));
  }

  @Test
  void leavesNumbersNumbers() {
    assertThat(CsvText.line(List.of(-5L, 1.5))).isEqualTo("-5,1.5\r\n");
  }
}
