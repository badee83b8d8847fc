package dev.penstock.controlplane.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WholeSendsTest {

  private final WholeSends sends = new WholeSends();
  private final List<Integer> hadTheirTurn = new ArrayList<>();
  private final List<WholeSends.Turn> turns = new ArrayList<>();

  @Test
  void letsSoManyInAndTheOthersInTheirOrder() {
    // Given
    ask(WholeSends.AT_ONCE + 3);
    assertThat(hadTheirTurn).hasSize(WholeSends.AT_ONCE);

    // When
    sends.end(turns.get(5));
    sends.end(turns.get(5)); // a second time gives nothing more
    sends.end(turns.get(WholeSends.AT_ONCE + 1)); // gives up waiting

    // Then
    assertThat(hadTheirTurn).hasSize(WholeSends.AT_ONCE + 1).endsWith(WholeSends.AT_ONCE);
    sends.end(turns.get(0));
    assertThat(hadTheirTurn).endsWith(WholeSends.AT_ONCE + 2);
  }

  @Test
  void whatHasEndedLeavesRoomForAll() {
    // Given
    ask(WholeSends.AT_ONCE * 3);

    // When
    for (WholeSends.Turn turn : List.copyOf(turns)) {
      sends.end(turn);
    }

    // Then
    hadTheirTurn.clear();
    ask(WholeSends.AT_ONCE);
    assertThat(hadTheirTurn).hasSize(WholeSends.AT_ONCE);
  }

  private void ask(int count) {
    for (int i = 0; i < count; i++) {
      int number = i;
      turns.add(sends.ask(() -> hadTheirTurn.add(number)));
    }
  }
}
