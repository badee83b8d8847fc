package dev.penstock.dataplane.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Every limit of a node's traffic side. What happens at each is said in {@code docs/limits.md}.
 *
 * @param maxBodyBytes largest request body or WebSocket message; beyond it {@code
 *     request_too_large}
 * @param maxEventBytes largest single event of a provider's stream; beyond it the stream is an
 *     error
 * @param maxAnswerBytes largest unstreamed answer of a provider
 * @param maxExchanges exchanges that run at once on a node; beyond it {@code overloaded}
 * @param maxExchangesPerSocket exchanges that run at once on one WebSocket
 * @param writeQueueBytes what may wait for a client before its provider is paused
 * @param receiveBufferBytes kernel receive buffer of a provider's socket; below the 64 KiB that
 *     loopback sends at once TCP crawls
 * @param headers time for the headers of a connection's first request
 * @param body time for a request body to arrive
 * @param connect time for a provider's connection
 * @param firstToken time from the call to the provider's first byte; then the next candidate is
 *     tried
 * @param idle longest silence of a provider in mid-stream
 * @param total longest life of an exchange
 * @param idleClient longest time a client's connection stays open while no exchange runs on it
 * @param socketLife longest life of a WebSocket; what runs then may end
 * @param stalledClient longest time a client may leave its full buffer unread
 * @param drain time that running streams get when the node is stopped
 * @param eventLoops threads that carry traffic
 * @param maxStaleness how long a node serves without a sign of life of the control plane
 * @param keepAlive longest time in which nothing is written to a client that waits for its stream
 * @param drains how far providers are read on whose clients have left
 */
public record Limits(
    int maxBodyBytes,
    int maxEventBytes,
    int maxAnswerBytes,
    int maxExchanges,
    int maxExchangesPerSocket,
    int writeQueueBytes,
    int receiveBufferBytes,
    Duration headers,
    Duration body,
    Duration connect,
    Duration firstToken,
    Duration idle,
    Duration total,
    Duration idleClient,
    Duration socketLife,
    Duration stalledClient,
    Duration drain,
    int eventLoops,
    Duration maxStaleness,
    Duration keepAlive,
    DrainLimits drains) {

  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;

  public static final Limits DEFAULTS =
      new Limits(
          16 * MIB,
          MIB,
          16 * MIB,
          10_000,
          8,
          16 * KIB,
          64 * KIB,
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMinutes(10),
          Duration.ofSeconds(75),
          Duration.ofMinutes(60),
          Duration.ofMinutes(2),
          Duration.ofSeconds(10),
          Runtime.getRuntime().availableProcessors(),
          Duration.ofHours(24),
          Duration.ofSeconds(15),
          DrainLimits.DEFAULTS);

  /**
   * The defaults, with what the environment changes: {@code PENSTOCK_MAX_BODY_BYTES}, {@code
   * PENSTOCK_TIMEOUT_CONNECT}, {@code …_FIRST_TOKEN}, {@code …_IDLE}, {@code …_TOTAL}, {@code
   * …_IDLE_CLIENT}, {@code …_STALLED_CLIENT} (durations such as {@code 250ms}, {@code 10s}, {@code
   * 5m}), {@code PENSTOCK_DRAIN_SECONDS}, {@code PENSTOCK_EVENT_LOOPS}, {@code
   * PENSTOCK_MAX_STALENESS}, {@code PENSTOCK_KEEP_ALIVE}, {@code PENSTOCK_CLIENT_GONE_AT_ONCE},
   * {@code …_TIME}, {@code …_TOKENS}.
   *
   * @throws IllegalArgumentException naming the variable
   */
  public static Limits of(Map<String, String> env) {
    Limits d = DEFAULTS;
    return new Limits(
        number(env, "PENSTOCK_MAX_BODY_BYTES", d.maxBodyBytes),
        d.maxEventBytes,
        d.maxAnswerBytes,
        d.maxExchanges,
        d.maxExchangesPerSocket,
        d.writeQueueBytes,
        d.receiveBufferBytes,
        d.headers,
        d.body,
        duration(env, "PENSTOCK_TIMEOUT_CONNECT", d.connect),
        duration(env, "PENSTOCK_TIMEOUT_FIRST_TOKEN", d.firstToken),
        duration(env, "PENSTOCK_TIMEOUT_IDLE", d.idle),
        duration(env, "PENSTOCK_TIMEOUT_TOTAL", d.total),
        duration(env, "PENSTOCK_TIMEOUT_IDLE_CLIENT", d.idleClient),
        d.socketLife,
        duration(env, "PENSTOCK_TIMEOUT_STALLED_CLIENT", d.stalledClient),
        Duration.ofSeconds(
            number(env, "PENSTOCK_DRAIN_SECONDS", Math.toIntExact(d.drain.toSeconds()))),
        number(env, "PENSTOCK_EVENT_LOOPS", d.eventLoops),
        duration(env, "PENSTOCK_MAX_STALENESS", d.maxStaleness),
        duration(env, "PENSTOCK_KEEP_ALIVE", d.keepAlive),
        new DrainLimits(
            number(env, "PENSTOCK_CLIENT_GONE_AT_ONCE", d.drains.atOnce()),
            duration(env, "PENSTOCK_CLIENT_GONE_TIME", d.drains.time()),
            number(env, "PENSTOCK_CLIENT_GONE_TOKENS", d.drains.tokens())));
  }

  private static int number(Map<String, String> env, String name, int otherwise) {
    String text = env.get(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          name + ": \"" + text + "\" (expected: a whole number from 1 to 999999999)");
    }
    return Integer.parseInt(text);
  }

  private static Duration duration(Map<String, String> env, String name, Duration otherwise) {
    String text = env.get(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("[1-9][0-9]{0,6}(ms|s|m|h)")) {
      throw new IllegalArgumentException(
          name + ": \"" + text + "\" (expected: a duration such as 250ms, 10s, 5m or 1h)");
    }
    if (text.endsWith("ms")) {
      return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
    }
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }
}
