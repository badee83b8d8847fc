package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CallIdsTest {

  @Test
  void anIdHasOneStandIn() {
    String standIn = CallIds.standIn("toolu_01A09q90qw90lq917835lq9", 9);

    assertThat(standIn).matches("[a-zA-Z0-9]{9}");
    assertThat(CallIds.standIn("toolu_01A09q90qw90lq917835lq9", 9)).isEqualTo(standIn);
    assertThat(CallIds.standIn("toolu_01A09q90qw90lq917835lq8", 9)).isNotEqualTo(standIn);
    assertThat(CallIds.standIn("x", 40)).hasSize(40);
  }

  @Test
  void refusesALengthThatADigestDoesNotFill() {
    assertThatThrownBy(() -> CallIds.standIn("x", 41))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("41");
  }
}
