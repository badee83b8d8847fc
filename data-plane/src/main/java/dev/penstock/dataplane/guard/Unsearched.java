package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.kernel.guard.Unscannable;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What somebody sends that no guard can search: images, sounds, files and what is encrypted. What
 * becomes of it says the strictest of the guards that bind; one that only observes refuses nothing.
 *
 * @param count how many of them there are
 * @param firstAt place of the first
 * @param guards that bind
 */
record Unsearched(int count, String firstAt, List<BoundGuard> guards) {

  /** How metrics call it, where the type of a detector stands otherwise. */
  static final String TYPE = "unscannable";

  /** The guard that does not let it pass; of several the first. */
  Optional<BoundGuard> refusing() {
    return those(Unscannable.REFUSE).filter(each -> !each.ref().observed()).findFirst();
  }

  /** The guard that would not let it pass if it were enforced; none where another one refuses. */
  Optional<BoundGuard> wouldRefuse() {
    return refusing().isPresent() ? Optional.empty() : those(Unscannable.REFUSE).findFirst();
  }

  private Stream<BoundGuard> those(Unscannable stating) {
    return count == 0
        ? Stream.empty()
        : guards.stream().filter(each -> each.guard().unscannable() == stating);
  }

  /** As the record has it; empty where nobody wants it to be told. */
  Optional<String> reason() {
    String what = "%d images, sounds or files, the first at %s".formatted(count, firstAt);
    return refusing()
        .map(by -> "guard %s refuses what it cannot search: %s".formatted(by.ref().label(), what))
        .or(() ->
            wouldRefuse()
                .map(by ->
                    "guard %s would refuse what it cannot search: %s"
                        .formatted(by.ref().label(), what)))
        .or(() -> those(Unscannable.FLAG).findFirst().map(any -> "not searched: " + what));
  }

  /** Says no in the name of {@link #refusing}. */
  RefusedException refused(BoundGuard by) {
    return Refusal.ofField(
            Code.GUARD_BLOCKED,
            firstAt,
            "The guard %s does not let this request pass: it refuses images, sounds and files, which it cannot search, and the first is at %s; take them out and send the request again."
                .formatted(by.ref().label(), firstAt))
        .toException();
  }
}
