package dev.penstock.controlplane.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeIdentityTest {

  @Test
  void isReadFromTheUri() {
    assertThat(NodeIdentity.ofUri("spiffe://penstock/region/eu-west/node/eu-west-1"))
        .contains(new NodeIdentity("eu-west-1", "eu-west"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spiffe://other/region/eu-west/node/a",
        "spiffe://penstock:1/region/eu-west/node/a",
        "https://penstock/region/eu-west/node/a",
        "spiffe://penstock/region/eu-west/node/a/b",
        "spiffe://penstock/region/eu-west/node/",
        "spiffe://penstock/region/EU/node/a",
        "spiffe://penstock/region/eu-west/node/a?x=1",
        "spiffe://penstock/region/eu-west/node/a#x",
        "spiffe://penstock/region/eu%2Dwest/node/a",
        "not a uri",
        "",
      })
  void anythingElseIsNoNode(String uri) {
    assertThat(NodeIdentity.ofUri(uri)).isEmpty();
  }
}
