package dev.penstock.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListingTest {
  private static final String BUDGET =
      """
      {"apiVersion":"penstock.dev/v1","kind":"Budget","metadata":{"tenant":"acme","name":"month"},\
      "spec":{"scope":{},"amount":"5000.00","window":{"every":"month"},"thresholds":[{"at":"100%","action":"cap"}]}}\
      """;

  @Test
  void printsManifestsThatCanBeAppliedAgain() throws Exception {
    JsonNode budget = new ObjectMapper().readTree(BUDGET);

    String text = Listing.parse("yaml").render(List.of(budget, budget));

    assertThat(ManifestFiles.documents(Path.of("again.yaml"), text))
        .extracting(Manifest::content)
        .containsExactly(
            (com.fasterxml.jackson.databind.node.ObjectNode) budget,
            (com.fasterxml.jackson.databind.node.ObjectNode) budget);
    assertThat(text).contains("amount: \"5000.00\"").contains("\n---\n");
  }

  @Test
  void printsATable() throws Exception {
    JsonNode node =
        new ObjectMapper()
            .readTree("{\"name\":\"eu-west-1\",\"connected\":true,\"ackedRevision\":null}");

    assertThat(Listing.parse("table").render(List.of(node)))
        .isEqualTo("NAME       CONNECTED  ACKEDREVISION\neu-west-1  true       -\n");
  }
}
