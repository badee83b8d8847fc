package dev.penstock.kernel.guard;

import java.util.ArrayList;
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

  /**
   * So many characters that may leave are worth a piece in two parts. Fewer wait with those behind
   * them, as a piece of a few words stays as it came so, and the next one comes soon.
   */
  public static final int LEAST_PART = 64;

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
  private final List<JsonParts.Scalar> scalars = new ArrayList<>(0);
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
    int behind = firstFrom(found.end);
    int first = behind;
    while (first > 0 && redacted.get(first - 1).end > found.start) {
      first--;
      join(found, redacted.get(first));
    }
    redacted.subList(first, behind).clear();
    redacted.add(first, found);
  }

  /** Where in the list the first stands that begins at a place or behind it. */
  private int firstFrom(long place) {
    int low = 0;
    int high = redacted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (redacted.get(middle).start < place) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static void join(Redacted found, Redacted other) {
    boolean first =
        other.written
            || other.start < found.start
            || (other.start == found.start && other.end >= found.end);
    found.placeholder = first ? other.placeholder : found.placeholder;
    found.written |= other.written;
    found.start = Math.min(found.start, other.start);
    found.end = Math.max(found.end, other.end);
  }

  /**
   * A piece has come.
   *
   * @throws ScanBudget.Exceeded if its search takes too long
   */
  public void append(String piece) {
    if (json != null) {
      json.read(piece);
      if (json.isBroken()) {
        text.goOnAsProse();
      }
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

  /** Whether a text that began like JSON is none. */
  public boolean isProse() {
    return json != null && json.isBroken();
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
   * So many characters of a piece may leave; never half a character.
   *
   * @param piece what has not left of it
   * @param end where it ends in the text
   */
  public int free(String piece, long end) {
    int most = piece.length();
    int free = (int) Math.clamp(settled() - (end - most), 0, most);
    boolean splits = free > 0 && free < most && Character.isHighSurrogate(piece.charAt(free - 1));
    return splits ? free - 1 : free;
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
    int next = 0; // of what is redacted
    int number = 0; // of the numbers and words
    for (int i = 0; i < piece.length(); i++) {
      long at = from + i;
      char c = piece.charAt(i);
      JsonParts.Part part = taking.next(c);
      while (next < redacted.size() && redacted.get(next).end <= at) {
        next++;
      }
      while (number < scalars.size() && scalars.get(number).end() <= at) {
        number++;
      }
      boolean kept = next == redacted.size() || redacted.get(next).start > at;
      if (kept || part == JsonParts.Part.FRAME) {
        out.append(c);
      } else if (part == JsonParts.Part.SCALAR && number < scalars.size()) {
        scalar(at, scalars.get(number), redacted.get(next), out);
      } else {
        write(redacted.get(next), out);
      }
    }
    forgetScalars();
    return out.toString();
  }

  /** A number or word of which a part is redacted goes as a whole. */
  private void widen() {
    int number = 0;
    for (Redacted each : redacted) {
      while (number < scalars.size() && scalars.get(number).end() <= each.start) {
        number++;
      }
      for (int i = number; i < scalars.size() && scalars.get(i).start() < each.end; i++) {
        each.start = Math.min(each.start, scalars.get(i).start());
        each.end = Math.max(each.end, scalars.get(i).end());
      }
    }
  }

  /** A string takes the place of a number or word. */
  private static void scalar(long at, JsonParts.Scalar scalar, Redacted here, StringBuilder out) {
    if (scalar.start() == at) {
      out.append('"');
      write(here, out);
      out.append('"');
    } else if (scalar.start() > at) {
      write(here, out); // of no number or word that is known as a whole
    }
  }

  private void forgetScalars() {
    int past = 0;
    while (past < scalars.size() && scalars.get(past).end() <= taken) {
      past++;
    }
    scalars.subList(0, past).clear();
  }
}
