package dev.penstock.benchmarks.load;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads one HTTP/1.1 answer after another from a connection, wherever the network cut it. Only what
 * gateways send: chunked bodies, bodies with a length, and bodies until the end of the connection.
 */
final class AnswerReader {
  private static final int MOST_HEAD_BYTES = 32 << 10;

  private enum State {
    HEAD,
    SIZED,
    UNTIL_CLOSE,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    COMPLETE
  }

  private final StringBuilder head = new StringBuilder();
  private State state = State.HEAD;
  private long left;
  private int status;
  private boolean inExtension;
  private boolean lineHasText;

  /** Gets ready for the next answer on the same connection. */
  void next() {
    head.setLength(0);
    state = State.HEAD;
    left = 0;
    status = 0;
  }

  /** Reads on, and returns where it stopped: at the end of the answer or of the bytes. */
  int read(byte[] bytes, int from, int to, BodySink sink) {
    int at = from;
    while (at < to && state != State.COMPLETE) {
      at =
          switch (state) {
            case HEAD -> head(bytes, at, to);
            case CHUNK_SIZE -> chunkSize(bytes, at);
            case CHUNK -> body(bytes, at, to, sink, State.CHUNK_END);
            case SIZED -> body(bytes, at, to, sink, State.COMPLETE);
            case CHUNK_END -> chunkEnd(bytes, at);
            case TRAILER -> trailer(bytes, at);
            case UNTIL_CLOSE -> {
              sink.body(bytes, at, to);
              yield to;
            }
            case COMPLETE -> at;
          };
    }
    return at;
  }

  /** The connection ended; for some answers that is how they end. */
  void closed() {
    if (state == State.UNTIL_CLOSE) {
      state = State.COMPLETE;
    }
  }

  boolean isComplete() {
    return state == State.COMPLETE;
  }

  /** The answer's status, once its head is there; 0 before. */
  int status() {
    return status;
  }

  private int head(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      head.append((char) (bytes[at++] & 0xff));
      int length = head.length();
      if (length >= 4 && head.charAt(length - 1) == '\n' && head.charAt(length - 3) == '\n') {
        headComplete(head.toString().toLowerCase(Locale.ROOT));
        return at;
      }
      if (length > MOST_HEAD_BYTES) {
        throw new IllegalStateException("the head of an answer does not end");
      }
    }
    return at;
  }

  private void headComplete(String text) {
    status = Integer.parseInt(text, 9, 12, 10);
    if (text.contains("\r\ntransfer-encoding: chunked\r\n")) {
      startChunk();
      return;
    }
    int length = text.indexOf("\r\ncontent-length:");
    if (length < 0) {
      state = State.UNTIL_CLOSE;
      return;
    }
    int value = length + "\r\ncontent-length:".length();
    left = Long.parseLong(text.substring(value, text.indexOf("\r\n", value)).strip());
    state = left == 0 ? State.COMPLETE : State.SIZED;
  }

  private void startChunk() {
    left = 0;
    inExtension = false;
    state = State.CHUNK_SIZE;
  }

  private int chunkSize(byte[] bytes, int at) {
    byte c = bytes[at];
    if (c == '\n') {
      lineHasText = false;
      state = left == 0 ? State.TRAILER : State.CHUNK;
    } else if (c == ';') {
      inExtension = true;
    } else if (c != '\r' && !inExtension) {
      int digit = Character.digit(c, 16);
      if (digit < 0) {
        throw new IllegalStateException(
            "not a chunk size: "
                + new String(
                    bytes, at, Math.min(16, bytes.length - at), StandardCharsets.US_ASCII));
      }
      left = left * 16 + digit;
    }
    return at + 1;
  }

  private int body(byte[] bytes, int from, int to, BodySink sink, State then) {
    int end = (int) Math.min(to, from + left);
    sink.body(bytes, from, end);
    left -= end - from;
    if (left == 0) {
      state = then;
    }
    return end;
  }

  private int chunkEnd(byte[] bytes, int at) {
    if (bytes[at] == '\n') {
      startChunk();
    }
    return at + 1;
  }

  private int trailer(byte[] bytes, int at) {
    byte c = bytes[at];
    if (c == '\n') {
      if (!lineHasText) {
        state = State.COMPLETE;
      }
      lineHasText = false;
    } else if (c != '\r') {
      lineHasText = true;
    }
    return at + 1;
  }
}
