package dev.penstock.kernel.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SizeTest {

  private static final Guard GUARD =
      new Guard("acme", "short", Set.of(Side.INPUT), List.of(new Detector.Size(5, Action.BLOCK)));

  private static List<String> whole(String text) {
    List<String> found = new ArrayList<>();
    GUARD.search(
        new SearchText(text),
        ScanBudget.ofRequest(),
        (detector, rule, start, end) -> found.add(rule.name() + " " + start));
    return found;
  }

  @Test
  void tellsOfATextThatIsTooLong() {
    assertThat(whole("12345")).isEmpty();
    assertThat(whole("123456")).containsExactly("size 5");
    assertThat(whole("ﬁﬁﬁ\u200b")).as("counted as it came").isEmpty();
  }

  @Test
  void tellsOnceOfATextThatGrowsTooLongAndHoldsNothingBack() {
    List<String> found = new ArrayList<>();
    GrowingText text =
        new GrowingText(
            GUARD.watches(0, true),
            TextForm.PLAIN,
            ScanBudget.ofRequest(),
            (watch, rule, start, end) -> found.add(rule.name() + " " + start));
    text.append("123é");
    text.append("5");
    assertThat(found).isEmpty();
    assertThat(text.settled()).isEqualTo(5);
    text.append("x".repeat(1_000));
    text.append("x".repeat(1_000));
    text.settle();
    assertThat(found).containsExactly("size 5");
  }

  @Test
  void takesNothingOut() {
    assertThatThrownBy(() -> Guard.check(new Detector.Size(5, Action.REDACT)))
        .isInstanceOf(BadDetector.class);
    assertThatThrownBy(() -> Guard.check(new Detector.Size(0, Action.BLOCK)))
        .isInstanceOf(BadDetector.class);
  }
}
