package dev.penstock.dataplane.telemetry;

import dev.penstock.dataplane.journal.ExchangeRecord.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts exchanges. Labels come from closed lists only (outcomes, codes, kinds of detectors), so
 * that neither a client nor a manifest can make new ones. Used from every event loop.
 */
public final class ExchangeMetrics {

  private final MeterRegistry registry;
  private final Map<String, Counter> ended = new ConcurrentHashMap<>();
  private final AtomicInteger running;
  private final Counter dropped;
  private final Timer ttftUpstream;
  private final Timer ttftDelivered;

  public ExchangeMetrics(MeterRegistry registry) {
    this.registry = registry;
    running = registry.gauge(Keys.EXCHANGES_RUNNING, new AtomicInteger());
    dropped = registry.counter(Keys.RECORDS_DROPPED);
    ttftUpstream =
        Timer.builder(Keys.TTFT_UPSTREAM).publishPercentileHistogram().register(registry);
    ttftDelivered =
        Timer.builder(Keys.TTFT_DELIVERED).publishPercentileHistogram().register(registry);
  }

  /** An exchange starts; the number that then run, this one included. */
  public int started() {
    return running.incrementAndGet();
  }

  /** An exchange is over, however it ended. */
  public void left() {
    running.decrementAndGet();
  }

  public int running() {
    return running.get();
  }

  public void ended(Outcome outcome, String code) {
    ended
        .computeIfAbsent(
            outcome + " " + code,
            both ->
                registry.counter(
                    Keys.EXCHANGES,
                    Keys.OUTCOME,
                    outcome.name().toLowerCase(Locale.ROOT),
                    Keys.CODE,
                    code))
        .increment();
  }

  /** A rule in observe mode would have denied an exchange with this code. */
  public void wouldDeny(String code) {
    registry.counter(Keys.EXCHANGES_WOULD_DENY, Keys.CODE, code).increment();
  }

  /**
   * A rule of a guard found something in an exchange, however often.
   *
   * @param detector its type, as a manifest has it
   * @param action what became of it
   */
  public void guardVerdict(String detector, String action) {
    registry.counter(Keys.GUARD_VERDICTS, Keys.DETECTOR, detector, Keys.ACTION, action).increment();
  }

  /** Why bytes on a client's connection are no request. */
  public enum Unreadable {
    LINE_TOO_LONG,
    HEADERS_TOO_LARGE,
    MALFORMED
  }

  /** Something came that cannot be read as a request. */
  public void unreadable(Unreadable reason) {
    registry
        .counter(Keys.REQUESTS_UNREADABLE, Keys.REASON, reason.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** 0: there was none. */
  public void firstToken(long upstreamMicros, long deliveredMicros) {
    if (upstreamMicros > 0) {
      ttftUpstream.record(upstreamMicros, TimeUnit.MICROSECONDS);
    }
    if (deliveredMicros > 0) {
      ttftDelivered.record(deliveredMicros, TimeUnit.MICROSECONDS);
    }
  }

  public void recordDropped() {
    dropped.increment();
  }
}
