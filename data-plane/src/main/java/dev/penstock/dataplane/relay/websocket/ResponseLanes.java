package dev.penstock.dataplane.relay.websocket;

import dev.penstock.dataplane.dialect.openai.responses.FinishedResponse;
import dev.penstock.dataplane.dialect.openai.responses.ResponsesRequest;
import dev.penstock.dataplane.dialect.openai.responses.SocketMessage;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The conversations of one connection, each on a lane of its own: one response at a time, and the
 * newest one remembered. Owned by the socket's event loop.
 */
public final class ResponseLanes {

  /** As many named lanes OpenAI has on a connection in its life. */
  static final int MAX_LANES = 32;

  private static final String UNNAMED = "";

  private final RememberedResponses.Connection memory;
  private final int maxBodyBytes;
  private final Set<String> named = new HashSet<>();
  private final Set<String> running = new HashSet<>();

  /**
   * @param maxBodyBytes of a turn with the conversation before it
   */
  public ResponseLanes(RememberedResponses responses, int maxBodyBytes) {
    memory = responses.connect();
    this.maxBodyBytes = maxBodyBytes;
  }

  /** What a message asks of the gateway. */
  public sealed interface Asked {

    /**
     * A response.
     *
     * @param body as over HTTP, with the conversation before it where that is remembered
     */
    record Response(ResponseFrames frames, Buffer body) implements Asked {}

    /** To take in what a later turn goes on from, and to answer nothing. */
    record Intake(ResponseFrames frames, Buffer body) implements Asked {}

    /** Something that cannot be. */
    record Nothing(ResponseFrames frames, Refusal refusal) implements Asked {}

    /** To change a response that runs, which gets a frame that says no. */
    record Steering(String failure) implements Asked {}
  }

  /** Reads a message. A turn that it begins ends with its frames' {@link ResponseFrames#over}. */
  public Asked take(Buffer bytes) {
    SocketMessage message;
    try {
      message = SocketMessage.read(bytes);
    } catch (RefusedException unreadable) {
      return nothing(UNNAMED, unreadable.refusal());
    }
    if (message.type().equals(SocketMessage.STEER)) {
      return new Asked.Steering(ResponseFrames.steeringFailure(message));
    }
    Optional<Refusal> obstacle = obstacle(message);
    return obstacle.isPresent() ? nothing(message.streamId(), obstacle.get()) : begin(message);
  }

  private static Asked nothing(String lane, Refusal refusal) {
    return new Asked.Nothing(new ResponseFrames(lane, Optional.empty()), refusal);
  }

  private Optional<Refusal> obstacle(SocketMessage message) {
    String lane = message.streamId();
    if (!message.type().equals(SocketMessage.CREATE)) {
      return Optional.of(
          Refusal.ofField(
              Code.INVALID_REQUEST,
              "type",
              "The field type must be " + SocketMessage.CREATE + "."));
    }
    if (running.contains(lane)) {
      return Optional.of(
          Refusal.ofField(
              Code.CONCURRENCY_LIMIT_EXCEEDED,
              "stream_id",
              "A response is running on this lane; wait for its end, or name another stream_id."));
    }
    if (!lane.isEmpty() && !named.contains(lane) && named.size() == MAX_LANES) {
      return Optional.of(
          Refusal.ofField(
              Code.STREAM_LIMIT_REACHED,
              "stream_id",
              "A connection has at most %d lanes; use one of those again, or open another WebSocket."
                  .formatted(MAX_LANES)));
    }
    return Optional.empty();
  }

  private Asked begin(SocketMessage message) {
    String lane = message.streamId();
    String previous = message.previousId();
    Optional<Buffer> history = previous.isEmpty() ? Optional.empty() : memory.find(previous);
    if (!message.generate() && !previous.isEmpty() && history.isEmpty()) {
      return nothing(lane, ResponsesRequest.previousNotFound()); // no provider is asked for it
    }
    Buffer body = history.map(message::bodyAfter).orElseGet(message::body);
    if (body.length() > maxBodyBytes) {
      return nothing(lane, tooLarge());
    }
    boolean whole = (previous.isEmpty() || history.isPresent()) && !message.hasContextElsewhere();
    Optional<Buffer> soFar =
        whole && memory.fits(body.length())
            ? Optional.of(joined(history.orElseGet(Buffer::buffer), message.items()))
            : Optional.empty();
    Turn turn = new Turn(lane, previous, soFar);
    if (!lane.isEmpty()) {
      named.add(lane);
    }
    running.add(lane);
    ResponseFrames frames = new ResponseFrames(lane, Optional.of(turn));
    return message.generate() ? new Asked.Response(frames, body) : new Asked.Intake(frames, body);
  }

  private Refusal tooLarge() {
    return Refusal.ofField(
        Code.REQUEST_TOO_LARGE,
        "input",
        "The turn has more than %d bytes with the conversation before it; begin another one."
            .formatted(maxBodyBytes));
  }

  private static Buffer joined(Buffer first, Buffer second) {
    String between = first.length() > 0 && second.length() > 0 ? "," : "";
    return Buffer.buffer(first.length() + second.length() + 1)
        .appendBuffer(first)
        .appendString(between)
        .appendBuffer(second);
  }

  /** The connection is no more. */
  public void close() {
    memory.close();
  }

  /** One response, from its message to its last frame. */
  final class Turn {

    private final String lane;
    private final String previous;
    private final Optional<Buffer> soFar;

    /**
     * @param previous id of the response that it goes on from; empty: none
     * @param soFar the whole conversation with this turn's input, as items without brackets; empty
     *     where it is not known, or too large to remember
     */
    private Turn(String lane, String previous, Optional<Buffer> soFar) {
      this.lane = lane;
      this.previous = previous;
      this.soFar = soFar;
    }

    /** The response is complete; {@code event} is its last one. */
    void completed(String event) {
      memory.forgetLane(lane);
      soFar.ifPresent(items ->
          FinishedResponse.ofEvent(event.getBytes(StandardCharsets.UTF_8))
              .ifPresent(it -> memory.keep(lane, it.id(), joined(items, it.output()))));
    }

    /** What it went on from is in doubt for the client, as it is with OpenAI. */
    void failed() {
      if (!previous.isEmpty()) {
        memory.forget(previous);
      }
    }

    void over() {
      running.remove(lane);
    }
  }
}
