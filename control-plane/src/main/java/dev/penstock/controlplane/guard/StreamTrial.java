package dev.penstock.controlplane.guard;

import dev.penstock.controlplane.guard.Trial.Blocked;
import dev.penstock.controlplane.guard.Trial.Piece;
import dev.penstock.controlplane.problem.Finding;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.GrowingText;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.GuardedText;
import dev.penstock.kernel.guard.Rule;
import dev.penstock.kernel.guard.ScanBudget;
import dev.penstock.kernel.guard.TextForm;
import dev.penstock.kernel.guard.Watch;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A guard watches a text that comes in pieces, as nodes watch an answer: a piece leaves when
 * nothing in it can become a part of a find any more, and of a long one its beginning. The provider
 * is never silent for so long that what waits would leave for that. Of one thread.
 */
final class StreamTrial {

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * A piece, or the rest of one.
   *
   * @param start of what leaves with it, in the text
   * @param before what leaves with it of a piece before it, as it leaves
   * @param from where its own text begins
   * @param end where that ends
   */
  private record Held(int start, String before, int from, int end, boolean rest) {}

  private final Guard guard;
  private final String text;
  private final List<Integer> owners = new ArrayList<>(); // by watch: the detector
  private final GuardedText growing;
  private final Deque<Held> held = new ArrayDeque<>();
  private final List<Piece> pieces = new ArrayList<>();
  private int mostWaiting;
  private @Nullable Blocked blocked;

  private StreamTrial(Guard guard, String text, int pieceLength) {
    this.guard = guard;
    this.text = text;
    List<Watch> watches = new ArrayList<>();
    for (int i = 0; i < guard.detectors().size(); i++) {
      // Text need not wait for a verdict that would not change it.
      boolean holding = guard.detectors().get(i).action() != Action.FLAG;
      for (Watch watch : guard.watches(i, holding)) {
        watches.add(watch);
        owners.add(i);
      }
    }
    String first = text.substring(0, endOf(text, 0, pieceLength));
    TextForm form = TextForm.beginsLikeJson(first) ? TextForm.JSON : TextForm.PLAIN;
    growing = new GuardedText(watches, form, ScanBudget.ofRequest(), this::redacts);
  }

  /**
   * @throws ScanBudget.Exceeded if it takes more work than an answer may cause
   */
  static Trial.Stream of(Guard guard, String text, int pieceLength) {
    StreamTrial trial = new StreamTrial(guard, text, pieceLength);
    trial.run(pieceLength);
    return new Trial.Stream(trial.pieces, trial.blocked, trial.mostWaiting);
  }

  private boolean redacts(int watch, Rule rule, long start) {
    int detector = owners.get(watch);
    Action action = guard.detectors().get(detector).action();
    if (action == Action.BLOCK && blocked == null) {
      blocked = WholeTrial.blocked(detector, rule.name(), start);
    }
    return action == Action.REDACT;
  }

  private void run(int pieceLength) {
    long begun = System.nanoTime();
    int come = 0;
    while (come < text.length() && blocked == null) {
      int end = endOf(text, come, pieceLength);
      growing.append(text.substring(come, end));
      held.add(new Held(come, "", come, end, false));
      step(come, end);
      come = end;
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw ProblemException.refused(
            List.of(
                new Finding(
                    "pieceLength",
                    "the simulated stream takes longer than %d s (expected: longer pieces, or a shorter text)"
                        .formatted(PATIENCE.toSeconds()))));
      }
    }
    if (blocked == null) {
      growing.settle();
      step(come, come);
    }
  }

  /** No piece ends within a character. */
  private static int endOf(String text, int start, int pieceLength) {
    int end = Math.min(text.length(), start + pieceLength);
    boolean splits = end < text.length() && Character.isLowSurrogate(text.charAt(end));
    return splits ? end + 1 : end;
  }

  private void step(int start, int end) {
    String leaves = leaving();
    if (!held.isEmpty() && growing.length() - growing.settled() > GrowingText.MAX_OPEN) {
      blocked =
          new Blocked(
              "More than %d characters would have to wait.".formatted(GrowingText.MAX_OPEN), null);
    }
    int waiting = held.isEmpty() ? 0 : end - held.element().start();
    mostWaiting = Math.max(mostWaiting, waiting);
    pieces.add(new Piece(start, end, blocked == null ? leaves : "", waiting));
  }

  /** What leaves now. */
  private String leaving() {
    StringBuilder leaves = new StringBuilder();
    while (blocked == null && !held.isEmpty()) {
      Held first = held.element();
      if (growing.settled() < first.end()) {
        begin(first, leaves);
        break;
      }
      held.remove();
      String own = first.before() + take(first.from(), first.end());
      @Nullable Held next = held.peek();
      // A rest goes along with the piece behind it, of which something is free.
      if (first.rest() && next != null && free(next) > 0) {
        held.remove();
        held.addFirst(new Held(first.start(), own, next.from(), next.end(), false));
      } else {
        leaves.append(own);
      }
    }
    return leaves.toString();
  }

  private void begin(Held first, StringBuilder leaves) {
    int free = free(first);
    if (free >= GuardedText.LEAST_PART) {
      int cut = first.from() + free;
      leaves.append(first.before()).append(take(first.from(), cut));
      held.remove();
      held.addFirst(new Held(cut, "", cut, first.end(), true));
    }
  }

  private String take(int from, int end) {
    return growing.take(text.substring(from, end));
  }

  /** So many characters of a piece nothing can change any more. */
  private int free(Held piece) {
    return growing.free(text.substring(piece.from(), piece.end()), piece.end());
  }
}
