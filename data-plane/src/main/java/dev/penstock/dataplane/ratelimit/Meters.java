package dev.penstock.dataplane.ratelimit;

import dev.penstock.dataplane.ratelimit.Meter.Terms;
import dev.penstock.kernel.rate.Units;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The meters of a node, by limit; shared by the event loops and the session. */
final class Meters {

  /** Beyond so many those that nobody has used for a while are forgotten. */
  static final int MANY = 20_000;

  /** After this long unused a meter is as good as new. */
  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final ConcurrentMap<LimitName, Meter> byLimit = new ConcurrentHashMap<>();

  /**
   * A limit's meter, which begins if there is none.
   *
   * @param there what is there to be used at its begin
   */
  Meter of(LimitName limit, Terms terms, long nowNanos, Supplier<Units> there) {
    if (byLimit.size() > MANY) {
      byLimit.values().removeIf(meter -> meter.retire(nowNanos, IDLE_NANOS));
    }
    return byLimit.computeIfAbsent(limit, name -> new Meter(nowNanos, terms, there.get()));
  }

  @Nullable Meter find(LimitName limit) {
    return byLimit.get(limit);
  }

  Iterable<Map.Entry<LimitName, Meter>> all() {
    return byLimit.entrySet();
  }
}
