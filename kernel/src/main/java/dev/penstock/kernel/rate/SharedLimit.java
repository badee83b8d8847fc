package dev.penstock.kernel.rate;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How a limit is divided among the nodes of a fleet, as the control plane keeps it: {@code (state,
 * ask) -> (state, grant)}.
 *
 * <p>For each node it keeps the most that the node may be using. That goes up before the node is
 * told, and comes down only when the node says itself that it uses less: it answers one ask at a
 * time, and passes over answers to earlier ones. What all of them may use together is never more
 * than the limit, whatever is lost, repeated or late:
 *
 * <ul>
 *   <li>a grant that is lost leaves the node with less than is kept for it;
 *   <li>an ask that comes late or twice has a number that is not new, and changes nothing;
 *   <li>a node that is silent for {@code reclaimMillis} has stopped using its share: it counts from
 *       when it asked, and less.
 * </ul>
 *
 * <p>Each node gets what it wants if there is enough; else the greatest share that can be given to
 * all who want more than it. Who holds more than that gives it back with its next ask.
 *
 * @param pool what no node holds
 */
public record SharedLimit(Map<String, Holder> holders, Pool pool) {

  /**
   * A node with a share.
   *
   * @param number of its last ask
   * @param atMost what it may be using
   * @param heardMillis when it asked last
   */
  public record Holder(long number, Units atMost, Units want, long heardMillis) {
    public Holder {
      Objects.requireNonNull(atMost, "atMost");
      Objects.requireNonNull(want, "want");
    }
  }

  /** The state after an ask, and the answer; none to an ask that is not new. */
  public record Step(SharedLimit next, Optional<ShareGrant> grant) {}

  public SharedLimit {
    holders = Map.copyOf(holders);
    Objects.requireNonNull(pool, "pool");
  }

  /** Nobody has asked for any of it. */
  public static SharedLimit unused(Units total, long nowMillis) {
    return new SharedLimit(Map.of(), Pool.full(total, nowMillis));
  }

  /**
   * A node asks.
   *
   * @param total of the limit now; may have changed since the last ask
   * @param reclaimMillis longer than any node uses a share after it has asked for it
   */
  public Step ask(Units total, String node, ShareAsk ask, long nowMillis, long reclaimMillis) {
    Holder before = holders.get(node);
    if (before != null && before.number() >= ask.number()) {
      return new Step(this, Optional.empty());
    }
    Pool filled = pool.at(free(total), nowMillis);
    Map<String, Holder> others = new HashMap<>(holders);
    others.remove(node);
    others.values().removeIf(holder -> nowMillis - holder.heardMillis() > reclaimMillis);
    Units othersHold = sum(others);
    Units free = total.minus(othersHold).atLeast(Units.NONE);
    Units granted = fair(total, others, ask.want()).atMost(free);
    Units more = granted.minus(ask.held()).atLeast(Units.NONE);
    Pool.Taken taken = filled.take(more, free.minus(ask.held()).atLeast(Units.NONE));
    Holder holder = new Holder(ask.number(), granted.atLeast(ask.held()), ask.want(), nowMillis);
    if (!holder.atMost().isNone() || !holder.want().isNone()) {
      others.put(node, holder);
    }
    return new Step(
        new SharedLimit(others, taken.rest()),
        Optional.of(new ShareGrant(ask.number(), granted, taken.units())));
  }

  /** What no node holds; nothing where a limit was lowered below what they do. */
  private Units free(Units total) {
    return total.minus(sum(holders)).atLeast(Units.NONE);
  }

  private static Units sum(Map<String, Holder> holders) {
    Units sum = Units.NONE;
    for (Holder holder : holders.values()) {
      sum = sum.plus(holder.atMost());
    }
    return sum;
  }

  private static Units fair(Units total, Map<String, Holder> others, Units want) {
    return new Units(
        FairShare.of(
            total.requests(),
            want.requests(),
            others.values().stream().mapToLong(other -> other.want().requests()).toArray()),
        FairShare.of(
            total.tokens(),
            want.tokens(),
            others.values().stream().mapToLong(other -> other.want().tokens()).toArray()),
        FairShare.of(
            total.streams(),
            want.streams(),
            others.values().stream().mapToLong(other -> other.want().streams()).toArray()));
  }
}
