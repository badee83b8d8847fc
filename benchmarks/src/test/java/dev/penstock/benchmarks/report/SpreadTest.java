package dev.penstock.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void isNothingForNoRounds() {
    assertThat(Spread.of(List.of())).isEmpty();
  }

  @Test
  void isFlatForOneRound() {
    assertThat(Spread.of(List.of(2.0))).contains(new Spread(1, 2, 2, 2, 2, 2));
  }

  @Test
  void readsBetweenValues() {
    assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0)))
        .contains(new Spread(4, 2.5, 1, 1.75, 3.25, 4));
  }

  @Test
  void writesMedianAndWhereTheRoundsLie() {
    assertThat(new Spread(9, 1.41, 1.2, 1.3, 1.5, 1.9).text(2))
        .isEqualTo("1.41 [1.20 1.30–1.50 1.90]");
  }
}
