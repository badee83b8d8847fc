package dev.penstock.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.benchmarks.load.StreamShape;
import dev.penstock.cli.CommandFailure;
import java.util.List;

/**
 * Every knob of a run. What {@link #standard} has is what published figures are taken with.
 *
 * @param rounds of the instruments that compare; a ratio is the median of them
 * @param memoryRounds of the two that measure memory, each with fresh processes
 * @param promptBytes of the one message in a request
 * @param bursts the same as {@code chunks} where the provider writes many at once
 */
public record Settings(
    int rounds,
    int memoryRounds,
    int promptBytes,
    WarmUp warmUp,
    Chunks chunks,
    Chunks bursts,
    FirstToken firstToken,
    OpenStreams openStreams,
    Stalled stalled) {
  /** Below these a ratio is noise: rounds scatter by 15%, and a JVM still gets faster. */
  static final int LEAST_ROUNDS = 9;

  static final long LEAST_WARM_UP = 2_000_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TEXT_BYTES = 24;
  private static final int FLOOD_TEXT_BYTES = 4_000;
  private static final int FLOOD_GROUP = 16;
  private static final int FLOOD_WIRE_BYTES = 4_300;
  private static final int MICROS = 1_000_000;
  private static final int SPARE_SECONDS = 2;

  /**
   * A JVM's cost means nothing before it has compiled what it does.
   *
   * @param chunks of all parts together
   * @param parts each with connections of its own, and with a round's worth of chunks on top
   */
  public record WarmUp(long chunks, int parts, int streams, int chunksPerSecond) {}

  /**
   * Cost of a chunk at a fixed rate.
   *
   * @param chunksPerSecond of one stream
   * @param group chunks in one write of the provider
   */
  public record Chunks(
      int streams, int chunksPerSecond, int chunksPerRequest, int seconds, int group) {

    private StreamShape shape(String name) {
      long everyMicros = (long) MICROS * group / chunksPerSecond;
      return new StreamShape(name, chunksPerRequest, TEXT_BYTES, everyMicros, everyMicros, group);
    }
  }

  /** Time to the first token in a closed loop. */
  public record FirstToken(int slots, int chunks, int everyMicros, int seconds) {}

  /** Memory of streams that bring one chunk a second. */
  public record OpenStreams(int streams, int rampSeconds, int seconds) {}

  /** Memory of clients that do not read, with this much waiting for each. */
  public record Stalled(int clients, int megabytes, int seconds) {}

  public static Settings standard() {
    return new Settings(
        9,
        3,
        1_024,
        new WarmUp(2_000_000, 5, 250, 70),
        new Chunks(250, 20, 100, 10, 1),
        new Chunks(100, 100, 500, 10, 50),
        new FirstToken(8, 10, 5_000, 10),
        new OpenStreams(2_000, 5, 8),
        new Stalled(60, 16, 7));
  }

  /** A few seconds; shows that everything works and measures nothing. */
  public static Settings quick() {
    return new Settings(
        1,
        1,
        1_024,
        new WarmUp(400, 1, 20, 50),
        new Chunks(20, 20, 10, 1, 1),
        new Chunks(10, 100, 100, 1, 50),
        new FirstToken(4, 5, 2_000, 1),
        new OpenStreams(40, 1, 1),
        new Stalled(4, 16, 1));
  }

  /** With one knob turned, such as {@code openStreams.streams=9000}. */
  public Settings with(String turn) {
    int equals = turn.indexOf('=');
    if (equals < 0 || !turn.substring(equals + 1).matches("[1-9][0-9]{0,8}")) {
      throw wrong(turn);
    }
    ObjectNode all = JSON.valueToTree(this);
    ObjectNode owner = all;
    String name = turn.substring(0, equals);
    int dot = name.indexOf('.');
    if (dot >= 0 && all.get(name.substring(0, dot)) instanceof ObjectNode group) {
      owner = group;
      name = name.substring(dot + 1);
    }
    JsonNode old = owner.get(name);
    if (old == null || !old.isNumber()) {
      throw wrong(turn);
    }
    owner.set(name, IntNode.valueOf(Integer.parseInt(turn.substring(equals + 1))));
    try {
      return JSON.treeToValue(all, Settings.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("our own settings are JSON", e);
    }
  }

  private static CommandFailure wrong(String turn) {
    return CommandFailure.usage(
        "--set: %s (expected: a knob and a number like openStreams.streams=9000; --json shows all of them)"
            .formatted(turn));
  }

  /** Whether a goal may be judged by what is measured with these. */
  public boolean canJudge() {
    return rounds >= LEAST_ROUNDS && warmUp.chunks >= LEAST_WARM_UP;
  }

  /** Paced at the measured rate. */
  public StreamShape pacedStream() {
    return chunks.shape("bench-chunks");
  }

  /** As many chunks at once as a provider writes that was held up, or that thinks in leaps. */
  public StreamShape burstStream() {
    return bursts.shape("bench-bursts");
  }

  /** The same, faster. */
  public StreamShape warmUpStream() {
    return StreamShape.paced(
        "bench-warm-up", chunks.chunksPerRequest, TEXT_BYTES, MICROS / warmUp.chunksPerSecond);
  }

  /** No thinking before the first token, so that what is measured is the way there and back. */
  public StreamShape shortStream() {
    return new StreamShape(
        "bench-short", firstToken.chunks, TEXT_BYTES, firstToken.everyMicros, 0, 1);
  }

  /** Long enough to be open while memory is read. */
  public StreamShape slowStream() {
    int seconds = openStreams.rampSeconds + openStreams.seconds + SPARE_SECONDS;
    return StreamShape.paced("bench-slow", seconds, TEXT_BYTES, MICROS);
  }

  /** As fast as anybody reads. */
  public StreamShape floodStream() {
    int count = stalled.megabytes * MICROS / FLOOD_WIRE_BYTES;
    return new StreamShape("bench-flood", count, FLOOD_TEXT_BYTES, 0, 0, FLOOD_GROUP);
  }

  public List<StreamShape> shapes() {
    return List.of(
        pacedStream(), burstStream(), warmUpStream(), shortStream(), slowStream(), floodStream());
  }
}
