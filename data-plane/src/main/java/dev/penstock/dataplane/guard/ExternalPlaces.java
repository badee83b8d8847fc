package dev.penstock.dataplane.guard;

import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How many questions a node asks one external guard at once. Who gets no place waits for one, in a
 * line that ends; how long, is up to whoever waits. Each guard has places of its own, even where
 * several ask at the same URL, so that no tenant takes another's. Shared by the node's event loops,
 * under one short lock.
 */
public final class ExternalPlaces {

  /** So many questions to one external guard wait for a place. */
  static final int MAX_WAITING = 256;

  /**
   * Whom the places are of.
   *
   * @param guard as {@link dev.penstock.kernel.guard.GuardRef#label()} has it
   */
  record Key(String guard, String url) {}

  /** Whether a place was to be had. */
  enum Taken {
    NOW,
    LATER,
    NEVER
  }

  /**
   * Somebody who wants a place.
   *
   * @param most places that there are
   * @param granted runs on the context once a place has come free; it has to be given back
   */
  record Waiter(Key key, int most, Context context, Runnable granted) {}

  private static final class Line {
    private final Deque<Waiter> waiting = new ArrayDeque<>(0);
    private int taken;
  }

  private final Map<Key, Line> lines = new HashMap<>(); // those that somebody is in

  /** Takes a place, or a place in the line. */
  synchronized Taken take(Waiter waiter) {
    Line line = lines.computeIfAbsent(waiter.key(), key -> new Line());
    if (line.waiting.isEmpty() && line.taken < waiter.most()) {
      line.taken++;
      return Taken.NOW;
    }
    if (line.waiting.size() >= MAX_WAITING) {
      return Taken.NEVER;
    }
    line.waiting.add(waiter);
    return Taken.LATER;
  }

  /** Leaves the line; who has been granted a place in the meantime gives it back when told. */
  synchronized void leave(Waiter waiter) {
    Line line = lines.get(waiter.key());
    if (line != null) {
      line.waiting.remove(waiter);
      forgetIfEmpty(waiter.key(), line);
    }
  }

  /** Gives a place back, for whoever has waited longest. */
  synchronized void giveBack(Key key) {
    Line line = Objects.requireNonNull(lines.get(key), "nobody has a place");
    line.taken--;
    while (!line.waiting.isEmpty() && line.taken < line.waiting.getFirst().most()) {
      line.taken++;
      Waiter next = line.waiting.removeFirst();
      next.context().runOnContext(now -> next.granted().run());
    }
    forgetIfEmpty(key, line);
  }

  private void forgetIfEmpty(Key key, Line line) {
    if (line.taken == 0 && line.waiting.isEmpty()) {
      lines.remove(key);
    }
  }

  /** External guards that are being asked, or that somebody waits for. */
  public synchronized int open() {
    return lines.size();
  }
}
