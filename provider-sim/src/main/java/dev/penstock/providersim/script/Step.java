package dev.penstock.providersim.script;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.refuse.Complaint;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One thing a model does. The JSON of each is in the module's README. */
public sealed interface Step {

  /** Those that mean something where nothing is said: time, and all ways to fail. */
  static List<Step> faults(List<Step> steps) {
    return steps.stream()
        .filter(step ->
            switch (step) {
              case Sleep sleep -> true;
              case Status status -> true;
              case Fail fail -> true;
              case Stall stall -> true;
              case Reset reset -> true;
              case Close close -> true;
              case Event event -> false;
              case Bytes bytes -> false;
              case Text text -> false;
              case Talk talk -> false;
              case Finish finish -> false;
            })
        .toList();
  }

  /**
   * The answer's status. Below 400 and without a body the script goes on; otherwise the answer ends
   * here, with {@code body} or, if there is none, with the error body the provider sends for the
   * code.
   */
  record Status(int code, Map<String, String> headers, @Nullable String body) implements Step {
    public Status {
      headers = Map.copyOf(headers);
    }
  }

  /**
   * One SSE event. An object gets the {@code id}, {@code object}, {@code created} and {@code model}
   * it lacks; anything else is sent as it stands.
   *
   * @param name the {@code event:} line, which OpenAI itself sends only before errors
   * @param tokens how many completion tokens it carries
   */
  record Event(@Nullable String name, JsonNode data, int tokens) implements Step {}

  /** Bytes of the body as they stand: half an event, half a character, no event at all. */
  record Bytes(Buffer raw) implements Step {}

  /** Time passes on the call's own schedule, so that delays do not add up to drift. */
  record Sleep(long micros) implements Step {}

  /**
   * Content chunks of one token each.
   *
   * @param size bytes of text in each chunk
   * @param everyMicros from one write to the next
   * @param group chunks in one write
   * @param stamp whether each text tells when it was written
   */
  record Text(int chunks, int size, long everyMicros, int group, Stamp stamp) implements Step {}

  enum Stamp {
    NONE,
    /** {@code System.nanoTime() / 1000}, comparable between processes of one Linux machine. */
    MICROS
  }

  /**
   * Text, thoughts, a refusal or calls, which every provider shapes in its own way.
   *
   * @param inTurn piece by piece, a second call after the first
   * @param braided the same pieces, those of parallel calls in turns if the script wants that
   * @param everyMicros from one piece to the next
   */
  record Talk(List<Utterance> inTurn, List<Utterance> braided, long everyMicros) implements Step {
    public Talk {
      inTurn = List.copyOf(inTurn);
      braided = List.copyOf(braided);
    }
  }

  /**
   * The provider fails, in its own words: with a status if nothing went before, else in mid-stream.
   *
   * @param retryAfterSeconds for the head, if the failure still comes there
   */
  record Fail(Complaint complaint, OptionalLong retryAfterSeconds) implements Step {}

  /**
   * The end in good form, such as finish chunk, usage chunk if it was asked for, {@code [DONE]}.
   *
   * @param reason in OpenAI's words ({@code stop, length, tool_calls, content_filter}); any other
   *     is sent as it stands
   * @param stopText the text at which the model was told to stop, and did
   */
  record Finish(String reason, Ending ending, @Nullable String stopText) implements Step {
    /** For no text that it was told to stop at. */
    public Finish(String reason, Ending ending) {
      this(reason, ending, null);
    }

    /** The same end for an answer that came up against the limit of tokens. */
    public Finish cut() {
      return new Finish("length", ending);
    }
  }

  enum Ending {
    WHOLE,
    WITHOUT_USAGE,
    WITHOUT_DONE,
    FINISH_CHUNK_ONLY;

    public boolean sendsUsage() {
      return this == WHOLE || this == WITHOUT_DONE;
    }

    public boolean sendsDone() {
      return this == WHOLE || this == WITHOUT_USAGE;
    }
  }

  /** Nothing more is sent; the connection stays open until the client leaves. */
  record Stall() implements Step {}

  /** TCP RST, after everything before it has left for the network. */
  record Reset() implements Step {}

  /** FIN, without the terminal HTTP chunk. */
  record Close() implements Step {}
}
