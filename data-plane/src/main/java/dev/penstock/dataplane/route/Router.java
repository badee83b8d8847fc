package dev.penstock.dataplane.route;

import dev.penstock.dataplane.exchange.Stage.Recalled;
import dev.penstock.dataplane.exchange.Stage.Routed;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Orders the candidates: group after group, within a group by weighted chance, those of weight 0
 * last. The first is called, the others are its fallbacks; every one has been admitted, so a
 * fallback cannot leave the allow-list or the region.
 */
public final class Router {

  private final RandomGenerator random;

  /** The generator is used from one event loop. */
  public Router(RandomGenerator random) {
    this.random = random;
  }

  /** The step {@code choose}. */
  public Future<Routed> choose(Recalled recalled) {
    List<Candidate> ordered = order(recalled.screened().admitted().candidates());
    Routed routed = new Routed(recalled, ordered);
    routed
        .arrived()
        .trace()
        .pass("choose", ordered.getFirst().deployment().name() + " first of " + ordered.size());
    return Future.succeededFuture(routed);
  }

  List<Candidate> order(List<Candidate> candidates) {
    if (candidates.size() == 1) {
      return candidates;
    }
    List<Candidate> left = new ArrayList<>(candidates);
    List<Candidate> ordered = new ArrayList<>(candidates.size());
    while (!left.isEmpty()) {
      ordered.add(left.remove(draw(left)));
    }
    ordered.sort(Comparator.comparingInt(Candidate::group)); // stable: the draw holds in a group
    return ordered;
  }

  private int draw(List<Candidate> candidates) {
    long total = 0;
    for (Candidate candidate : candidates) {
      total += candidate.weight();
    }
    if (total == 0) {
      return 0;
    }
    long ticket = random.nextLong(total);
    for (int i = 0; i < candidates.size(); i++) {
      ticket -= candidates.get(i).weight();
      if (ticket < 0) {
        return i;
      }
    }
    throw new IllegalStateException("weights changed while drawing");
  }
}
