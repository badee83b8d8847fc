package dev.penstock.providersim.script;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One thing a model does. The JSON of each is in the module's README. */
public sealed interface Step {

  /**
   * The answer's status. Below 400 and without a body the script goes on; otherwise the answer ends
   * here, with {@code body} or, if there is none, with the error body OpenAI sends for the code.
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

  /** The end in good form: finish chunk, usage chunk if it was asked for, {@code [DONE]}. */
  record Finish(String reason, Ending ending) implements Step {}

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
