package dev.penstock.kernel.guard;

import java.util.Arrays;
import java.util.List;

/**
 * A text that is still growing, and the detectors that watch it. Whatever pieces it comes in, they
 * find what they would find in the whole. It keeps no more of the text than they may still need. Of
 * one thread.
 */
public final class GrowingText {

  /** So much text one detector may be undecided about, in characters. */
  public static final int MAX_OPEN = 4_096;

  /** Before what is searched, so that it is known where words begin; invisible ones count. */
  private static final int CONTEXT = 32;

  /** What is no longer needed is let go when there is so much of it. */
  private static final int LET_GO = 128;

  /** Hears of what the watches find. */
  @FunctionalInterface
  public interface Listener {

    /** {@code start} to {@code end} (exclusive), in characters since the text began. */
    void found(int watch, Rule rule, long start, long end);
  }

  private final List<Watch> watches;
  private TextForm form;
  private final ScanBudget budget;
  private final Listener listener;
  private final StringBuilder kept = new StringBuilder();
  private final long[] from; // by watch: what begins before has been told
  private long keptFrom;

  public GrowingText(List<Watch> watches, TextForm form, ScanBudget budget, Listener listener) {
    this.watches = watches;
    this.form = form;
    this.budget = budget;
    this.listener = listener;
    from = new long[watches.size()];
  }

  /**
   * @throws ScanBudget.Exceeded if its search takes too long
   */
  public void append(String text) {
    long before = length();
    kept.append(text);
    measure(before);
    search(false);
    letGo();
  }

  private void measure(long before) {
    for (int i = 0; i < from.length; i++) {
      Watch watch = watches.get(i);
      if (watch.passedBy(before, length())) {
        listener.found(i, Rule.ofSize(), watch.limit(), watch.limit() + 1);
      }
    }
  }

  /** What began like JSON is none, so that a backslash is no escape. */
  void goOnAsProse() {
    form = TextForm.PLAIN;
  }

  /** Has all that is open decided as if the text ended here; it may go on. */
  public void settle() {
    settle("");
  }

  /**
   * The last piece has come.
   *
   * @throws ScanBudget.Exceeded if its search takes too long
   */
  void settle(String last) {
    long before = length();
    kept.append(last);
    measure(before);
    search(true);
    Arrays.fill(from, length());
    letGo();
  }

  /** Characters so far. */
  public long length() {
    return keptFrom + kept.length();
  }

  /** So many characters of it nothing can change any more that holds text. */
  public long settled() {
    long settled = length();
    for (int i = 0; i < from.length; i++) {
      if (watches.get(i).holding()) {
        settled = Math.min(settled, from[i]);
      }
    }
    return settled;
  }

  private void search(boolean last) {
    NormalText normal = NormalText.of(kept.toString(), form, last);
    String all = normal.text();
    int sure = last ? all.length() : Words.beforeWhatMayCombine(all);
    String start = sure == all.length() ? all : all.substring(0, sure);
    for (int i = 0; i < from.length; i++) {
      search(i, normal, start, last);
      if (!last && !watches.get(i).holding() && length() - from[i] > MAX_OPEN) {
        search(i, normal, all, true); // nobody waits for it, and nobody keeps more for it
        from[i] = length();
      }
    }
  }

  /**
   * @param start of the text, which stays as it is whatever follows
   */
  private void search(int watch, NormalText normal, String start, boolean last) {
    String all = normal.text();
    int begin = normal.ofOriginal((int) (from[watch] - keptFrom));
    if (begin == all.length()) {
      return;
    }
    Found found =
        normal.toOriginal(
            (rule, at, end) -> listener.found(watch, rule, keptFrom + at, keptFrom + end));
    TextScan scan = watches.get(watch).scan();
    int sure = start.length();
    int open = begin < sure ? scan.scan(start, begin, last, budget, found) : begin;
    if (open == sure && sure < all.length()) {
      open = scan.scan(all, sure, last, budget, found);
    }
    from[watch] = keptFrom + normal.toOriginal(open);
  }

  private void letGo() {
    long needed = length();
    for (long each : from) {
      needed = Math.min(needed, each);
    }
    int unneeded = (int) (needed - keptFrom) - CONTEXT;
    if (unneeded >= LET_GO) {
      kept.delete(0, unneeded);
      keptFrom += unneeded;
    }
  }
}
