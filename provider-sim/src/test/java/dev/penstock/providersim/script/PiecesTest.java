package dev.penstock.providersim.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PiecesTest {
  @Test
  void cutsBeforeWords() {
    assertThat(Pieces.of("It is  mild.\n", 0)).containsExactly("It ", "is  ", "mild.\n");
    assertThat(Pieces.of("", 0)).isEmpty();
  }

  @Test
  void cutsNoCharacterInTwo() {
    assertThat(Pieces.of("a😀b😀", 2)).isEqualTo(List.of("a😀", "b😀"));
  }

  @Property
  void losesNothing(@ForAll String text, @ForAll @IntRange(max = 9) int size) {
    List<String> pieces = Pieces.of(text, size);

    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces).allMatch(piece -> !piece.isEmpty());
  }
}
