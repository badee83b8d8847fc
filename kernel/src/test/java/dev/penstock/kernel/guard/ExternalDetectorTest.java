package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExternalDetectorTest {

  private static final Detector SOUND = http("https://guard.example/v1", 2_000, 16, Action.BLOCK);

  private static Detector http(String url, long millis, int most, Action action) {
    return new Detector.Http(url, Duration.ofMillis(millis), OnFailure.BLOCK, most, action);
  }

  @Test
  void findsNothingItself() {
    Guard guard = new Guard("acme", "x", Set.of(Side.INPUT), List.of(SOUND));

    guard.search(
        new SearchText("anything"),
        ScanBudget.ofRequest(),
        (detector, rule, start, end) -> {
          throw new AssertionError(rule);
        });

    assertThat(guard.length()).isEqualTo("https://guard.example/v1".length());
    assertThat(guard.toString()).doesNotContain("guard.example");
  }

  @ParameterizedTest
  @CsvSource({
    "ftp://guard.example, 2000, 16, BLOCK, url",
    "https://guard.example/, 2000, 16, BLOCK, url",
    "https://me:word@guard.example, 2000, 16, BLOCK, url",
    "https://guard.example?x=1, 2000, 16, BLOCK, url",
    "guard.example, 2000, 16, BLOCK, url",
    "https://guard.example, 49, 16, BLOCK, timeout",
    "https://guard.example, 30001, 16, BLOCK, timeout",
    "https://guard.example, 2000, 0, BLOCK, maxConcurrent",
    "https://guard.example, 2000, 257, BLOCK, maxConcurrent",
    "https://guard.example, 2000, 16, REDACT, action",
  })
  void namesWhatIsWrong(String url, long millis, int most, Action action, String field) {
    assertThatThrownBy(() -> Guard.check(http(url, millis, most, action)))
        .isInstanceOfSatisfying(BadDetector.class, bad -> assertThat(bad.field()).isEqualTo(field));
  }

  @Test
  void looksAtRequestsAloneAndAsksFew() {
    assertThatThrownBy(
            () -> new Guard("acme", "x", Set.of(Side.INPUT, Side.OUTPUT), List.of(SOUND)))
        .isInstanceOfSatisfying(BadDetector.class, bad -> assertThat(bad.field()).isEqualTo("on"))
        .hasMessageContaining("a guard of its own");
    assertThatThrownBy(
            () -> new Guard("acme", "x", Set.of(Side.INPUT), Collections.nCopies(5, SOUND)))
        .isInstanceOf(BadDetector.class)
        .hasMessageContaining("at most 4");
  }
}
