package dev.penstock.controlplane.fleet;

import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;

/**
 * Lets only so many nodes at a time be sent a whole snapshot, so that a fleet that starts at once
 * does not fill the line and the buffers. Who waits has its session: money, usage and revocations
 * go on.
 */
@Singleton
final class WholeSends {

  /** How many at a time. */
  static final int AT_ONCE = 25;

  private final Set<Turn> taken = new HashSet<>();
  private final Queue<Turn> waiting = new ArrayDeque<>();

  /** A node's turn, asked for or taken. */
  static final class Turn {
    private final Runnable onTurn;

    private Turn(Runnable onTurn) {
      this.onTurn = onTurn;
    }
  }

  /**
   * Asks for a turn.
   *
   * @param onTurn called once it has come, perhaps at once; must not wait
   */
  synchronized Turn ask(Runnable onTurn) {
    Turn turn = new Turn(onTurn);
    waiting.add(turn);
    letIn();
    return turn;
  }

  /** Gives a turn back, or gives up waiting for it; again does nothing. */
  synchronized void end(Turn turn) {
    waiting.remove(turn);
    taken.remove(turn);
    letIn();
  }

  private void letIn() {
    while (taken.size() < AT_ONCE && !waiting.isEmpty()) {
      Turn next = waiting.remove();
      taken.add(next);
      next.onTurn.run();
    }
  }
}
