package dev.penstock.dataplane.token;

import com.nimbusds.jose.jwk.JWKSet;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identity provider's keys, fetched in the background: at the start, every five minutes, and
 * when a token names one that is not among them. While they cannot be fetched the last good ones
 * serve, for a day at most, and it is tried every ten seconds; a node needs no identity provider to
 * start.
 *
 * <p>Event loops read one reference. All else is of one context of its own.
 */
public final class IssuerKeys {

  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

  private final JwksClient client;
  private final Pace pace;
  private final Context context;
  private volatile @Nullable Keys keys;
  private long beganNanos;
  private @Nullable Promise<Void> loading;
  private boolean failing;

  /**
   * How often keys are fetched and how long they are good.
   *
   * @param retry shortest time from one attempt to the next
   * @param refresh from one good set to the next
   * @param mostAge without having been fetched again
   */
  record Pace(Duration retry, Duration refresh, Duration mostAge) {

    static final Pace USUAL =
        new Pace(Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofHours(24));
  }

  /**
   * One set of keys.
   *
   * @param set what tokens may be signed with; the same as long as the provider says the same
   * @param fetchedNanos when it was fetched last
   */
  record Keys(JWKSet set, long fetchedNanos) {
    Keys {
      Objects.requireNonNull(set, "set");
    }
  }

  private IssuerKeys(Vertx vertx, JwksClient client, Pace pace) {
    this.client = client;
    this.pace = pace;
    context = vertx.getOrCreateContext();
    beganNanos = System.nanoTime() - pace.retry().toNanos();
  }

  /** Begins to fetch; answers at once. */
  public static IssuerKeys start(Vertx vertx, JwksClient client) {
    return start(vertx, client, Pace.USUAL);
  }

  static IssuerKeys start(Vertx vertx, JwksClient client, Pace pace) {
    IssuerKeys keys = new IssuerKeys(vertx, client, pace);
    keys.context.runOnContext(now -> keys.tick());
    vertx.setPeriodic(
        pace.retry().toMillis(), tick -> keys.context.runOnContext(now -> keys.tick()));
    return keys;
  }

  /** The keys to go by now; empty before the first have come, and when the last are too old. */
  Optional<Keys> current() {
    Keys now = keys;
    return now == null || age(now).compareTo(pace.mostAge()) > 0
        ? Optional.empty()
        : Optional.of(now);
  }

  /** How long ago the keys were fetched, in seconds; empty: never. */
  public OptionalLong ageSeconds() {
    Keys now = keys;
    return now == null ? OptionalLong.empty() : OptionalLong.of(age(now).toSeconds());
  }

  private static Duration age(Keys keys) {
    return Duration.ofNanos(System.nanoTime() - keys.fetchedNanos());
  }

  /**
   * Fetches the keys now, unless that was tried a moment ago; joins an attempt that runs. Succeeds
   * whatever came of it, on another thread than the caller's.
   */
  Future<Void> reload() {
    Promise<Void> done = Promise.promise();
    context.runOnContext(now -> load().onComplete(ended -> done.complete()));
    return done.future();
  }

  private void tick() {
    Keys now = keys;
    if (failing || now == null || age(now).compareTo(pace.refresh()) >= 0) {
      load();
    }
  }

  private Future<Void> load() {
    Promise<Void> running = loading;
    if (running != null) {
      return running.future();
    }
    if (System.nanoTime() - beganNanos < pace.retry().toNanos() * 9 / 10) { // a timer is not exact
      return Future.succeededFuture();
    }
    beganNanos = System.nanoTime();
    Promise<Void> attempt = Promise.promise();
    loading = attempt;
    Future.succeededFuture()
        .compose(now -> client.fetch()) // so that what it throws ends the attempt, too
        .onComplete((set, failure) -> {
          if (failure == null) {
            fetched(set);
          } else {
            failed(failure);
          }
          loading = null;
          attempt.complete();
        });
    return attempt.future();
  }

  private void fetched(JWKSet set) {
    Keys before = keys;
    if (before != null && before.set().equals(set)) {
      keys = new Keys(before.set(), System.nanoTime());
    } else {
      LOG.info("tokens may be signed with {} keys of the identity provider", set.size());
      keys = new Keys(set, System.nanoTime());
    }
    failing = false;
  }

  /** What is said of the failure holds an address at most: nothing that came from there. */
  private void failed(Throwable failure) {
    if (!failing) {
      LOG.warn(
          "the identity provider's keys cannot be fetched, {} serve: {}",
          keys == null ? "none" : "the last",
          failure.toString());
    }
    failing = true;
  }
}
