package dev.penstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodePlanTest {

  @Test
  void namesTheFirstNodeOfEveryRegionBeforeFurtherOnes() {
    assertThat(NodePlan.parse("eu-west=3,us-east=2").nodes())
        .extracting(NodeName::toString)
        .containsExactly("eu-west-1", "us-east-1", "eu-west-2", "us-east-2", "eu-west-3");
  }

  @Test
  void hasOneNodeInEachOfTwoRegionsByDefault() {
    assertThat(NodePlan.oneInEachOfTwoRegions().nodes())
        .extracting(NodeName::toString)
        .containsExactly("eu-west-1", "us-east-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "eu-west",
        "eu-west=",
        "=1",
        "eu-west=-1",
        "eu-west=99",
        "EU=1",
        "a=1,a=2",
        "a=1,"
      })
  void saysWhatItExpects(String plan) {
    assertThatThrownBy(() -> NodePlan.parse(plan)).hasMessageContaining("like eu-west=2,us-east=1");
  }
}
