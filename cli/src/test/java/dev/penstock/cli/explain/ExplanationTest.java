package dev.penstock.cli.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One record, and beside it the text it becomes. */
class ExplanationTest {

  @ParameterizedTest
  @ValueSource(strings = {"served", "denied", "failed", "unknown-caller"})
  void tellsTheStoryOfARequest(String name) throws Exception {
    String story = Explanation.of(new ObjectMapper().readTree(resource(name + ".json")));

    assertThat(story).isEqualTo(resource(name + ".txt"));
  }

  private static String resource(String name) throws Exception {
    try (InputStream in =
        Objects.requireNonNull(
            ExplanationTest.class.getResourceAsStream("/explain/" + name), name)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
