package dev.penstock.providersim.invoice;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every call since the last {@link #clear}, oldest first, and what it cost.
 *
 * <p>Bounded so that a long benchmark cannot fill the heap with prompts: the oldest lines are
 * forgotten beyond {@value #MOST_CALLS} calls or {@value #MOST_BODY_CHARS} characters of bodies,
 * and {@link Page#forgotten} says how many were. Read it in steps with {@code since} to miss none.
 */
public final class Invoice {
  static final int MOST_CALLS = 20_000;
  static final long MOST_BODY_CHARS = 64L << 20;

  private final Deque<CallEntry> entries = new ArrayDeque<>();
  private long nextIndex;
  private long bodyChars;
  private long forgotten;

  /**
   * @param billedNanoUsd the sum over {@code calls}, and over nothing else
   * @param nextIndex pass it as {@code since} to get only what comes later
   */
  public record Page(List<BilledCall> calls, long billedNanoUsd, long nextIndex, long forgotten) {
    public Page {
      calls = List.copyOf(calls);
    }
  }

  public synchronized CallEntry open(
      @Nullable String protocol, String method, String path, List<String> headerNames) {
    CallEntry entry = new CallEntry(nextIndex++, protocol, method, path, headerNames);
    entries.addLast(entry);
    forgetOldest();
    return entry;
  }

  /** Bodies come in after the line was opened; only here do they count towards the bound. */
  public synchronized void keepBody(CallEntry entry, String body) {
    entry.body(body);
    if (isListed(entry)) {
      bodyChars += body.length();
      forgetOldest();
    }
  }

  public List<BilledCall> calls() {
    return page(null, 0).calls();
  }

  public synchronized Page page(@Nullable String model, long since) {
    Predicate<BilledCall> asked =
        call -> call.index() >= since && (model == null || model.equals(call.model()));
    List<BilledCall> calls = entries.stream().map(CallEntry::view).filter(asked).toList();
    long billed = calls.stream().mapToLong(BilledCall::billedNanoUsd).reduce(0, Math::addExact);
    return new Page(calls, billed, nextIndex, forgotten);
  }

  /** Calls still running go on, unlisted; indexes go on counting. */
  public synchronized void clear() {
    entries.clear();
    bodyChars = 0;
    forgotten = 0;
  }

  private boolean isListed(CallEntry entry) {
    CallEntry oldest = entries.peekFirst();
    return oldest != null && entry.index() >= oldest.index();
  }

  private void forgetOldest() {
    while (entries.size() > MOST_CALLS || (bodyChars > MOST_BODY_CHARS && entries.size() > 1)) {
      bodyChars -= entries.removeFirst().bodyChars();
      forgotten++;
    }
  }
}
