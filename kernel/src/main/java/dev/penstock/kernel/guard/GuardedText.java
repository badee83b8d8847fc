package dev.penstock.kernel.guard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text that comes in pieces and leaves in the same pieces, with placeholders in place of what is
 * redacted. A piece may leave when {@link #settled()} has reached its end. Of one thread.
 *
 * <p>What is redacted becomes one placeholder, in the piece in which it begins; of the pieces that
 * it goes on in, nothing of it is left. In JSON only what stands in strings, and numbers and words
 * outside of them as a whole, give way to placeholders, so that it stays JSON.
 */
public final class GuardedText {

  /** Whether what a watch has found is redacted; it may remember what it is told. */
  @FunctionalInterface
  public interface Verdicts {

    /**
     * @param start of what was found, in characters since the text began
     */
    boolean redacts(int watch, Rule rule, long start);
  }

  private static final class Redacted {
    private long start;
    private long end;
    private String placeholder;
    private boolean written;

    Redacted(long start, long end, String placeholder) {
      this.start = start;
      this.end = end;
      this.placeholder = placeholder;
    }
  }

  private final Verdicts verdicts;
  private final GrowingText text;
  private final @Nullable JsonParts json;
  private final List<Redacted> redacted = new ArrayList<>(0); // by start, apart from each other
  private final Deque<JsonParts.Scalar> scalars = new ArrayDeque<>(0);
  private final JsonParts taking = new JsonParts(scalar -> {});
  private long taken;

  public GuardedText(List<Watch> watches, TextForm form, ScanBudget budget, Verdicts verdicts) {
    this.verdicts = verdicts;
    text = new GrowingText(watches, form, budget, this::found);
    json = form == TextForm.JSON ? new JsonParts(scalars::add) : null;
  }

  private void found(int watch, Rule rule, long start, long end) {
    if (verdicts.redacts(watch, rule, start)) {
      redact(new Redacted(start, end, rule.placeholder()));
    }
  }

  /** What overlaps is one: the placeholder is that of what begins first, else of the longer one. */
  private void redact(Redacted found) {
    for (Redacted each : List.copyOf(redacted)) {
      if (each.start < found.end && found.start < each.end) {
        redacted.remove(each);
        boolean first =
            each.written
                || each.start < found.start
                || (each.start == found.start && each.end >= found.end);
        found.placeholder = first ? each.placeholder : found.placeholder;
        found.written |= each.written;
        found.start = Math.min(found.start, each.start);
        found.end = Math.max(found.end, each.end);
      }
    }
    redacted.add(found);
    redacted.sort(Comparator.comparingLong(each -> each.start));
  }

  /**
   * A piece has come.
   *
   * @throws ScanBudget.Exceeded if its search takes too long
   */
  public void append(String piece) {
    if (json != null) {
      json.read(piece);
    }
    text.append(piece);
  }

  /** Has all that is open decided as if the text ended here; it may go on. */
  public void settle() {
    settle("");
  }

  /**
   * The last piece has come, or the only one.
   *
   * @throws ScanBudget.Exceeded if its search takes too long
   */
  public void settle(String last) {
    if (json != null) {
      json.read(last);
      json.end();
    }
    text.settle(last);
  }

  /** Characters that have come. */
  public long length() {
    return text.length();
  }

  /** So many of them may leave, as nothing that follows can change them. */
  public long settled() {
    long settled = text.settled();
    return json == null ? settled : Math.min(settled, json.wholeUpTo());
  }

  /**
   * The next piece leaves.
   *
   * @param piece as it came
   * @return as it leaves; the same object where nothing in it is redacted
   */
  public String take(String piece) {
    long start = taken;
    taken += piece.length();
    String left = json == null ? plain(piece, start) : json(piece, start);
    redacted.removeIf(each -> each.end <= taken);
    return left;
  }

  private String plain(String piece, long from) {
    if (redacted.isEmpty() || redacted.getFirst().start >= taken) {
      return piece;
    }
    StringBuilder out = new StringBuilder(piece.length());
    int copied = 0;
    for (Redacted each : redacted) {
      if (each.start >= taken) {
        break;
      }
      out.append(piece, copied, Math.max(copied, (int) (each.start - from)));
      write(each, out);
      copied = (int) Math.min(piece.length(), each.end - from);
    }
    return out.append(piece, copied, piece.length()).toString();
  }

  private static void write(Redacted each, StringBuilder out) {
    if (!each.written) {
      each.written = true;
      out.append(each.placeholder);
    }
  }

  private String json(String piece, long from) {
    widen();
    if (redacted.isEmpty() || redacted.getFirst().start >= taken) {
      taking.read(piece);
      forgetScalars();
      return piece;
    }
    StringBuilder out = new StringBuilder(piece.length());
    for (int i = 0; i < piece.length(); i++) {
      long at = from + i;
      char c = piece.charAt(i);
      switch (taking.next(c)) {
        case STRING -> {
          Redacted here = redactedAt(at);
          if (here == null) {
            out.append(c);
          } else {
            write(here, out);
          }
        }
        case SCALAR -> scalar(at, c, out);
        case FRAME -> out.append(c);
      }
    }
    forgetScalars();
    return out.toString();
  }

  /** A number or word of which a part is redacted goes as a whole. */
  private void widen() {
    for (Redacted each : redacted) {
      for (JsonParts.Scalar scalar : scalars) {
        if (each.start < scalar.end() && scalar.start() < each.end) {
          each.start = Math.min(each.start, scalar.start());
          each.end = Math.max(each.end, scalar.end());
        }
      }
    }
  }

  /** A string takes the place of a number or word. */
  private void scalar(long at, char c, StringBuilder out) {
    Redacted here = redactedAt(at);
    if (here == null) {
      out.append(c);
      return;
    }
    boolean begins = scalars.stream().anyMatch(each -> each.start() == at);
    boolean whole =
        begins || scalars.stream().anyMatch(each -> each.start() < at && at < each.end());
    if (begins) {
      out.append('"');
    }
    if (begins || !whole) { // else it has been written
      write(here, out);
    }
    if (begins) {
      out.append('"');
    }
  }

  private void forgetScalars() {
    while (!scalars.isEmpty() && scalars.getFirst().end() <= taken) {
      scalars.removeFirst();
    }
  }

  private @Nullable Redacted redactedAt(long at) {
    for (Redacted each : redacted) {
      if (each.start <= at && at < each.end) {
        return each;
      }
    }
    return null;
  }
}
