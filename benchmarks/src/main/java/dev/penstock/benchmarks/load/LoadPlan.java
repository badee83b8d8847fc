package dev.penstock.benchmarks.load;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * What a {@link LoadLoop} does.
 *
 * @param chunks how many content chunks each stream has to have
 * @param streams how many run at once
 * @param ramp over which they are started, evenly, so that they do not march in step
 */
public record LoadPlan(
    InetSocketAddress address,
    Request request,
    int chunks,
    int streams,
    Duration ramp,
    Repeat repeat,
    Reading reading) {

  /** What follows a stream's end. */
  public enum Repeat {
    /** The next one on the same connection, until {@link LoadLoop#finish}. */
    CLOSED_LOOP,
    ONCE
  }

  /** How a client reads. */
  public enum Reading {
    FREELY,
    /** Nothing after the first chunk, until {@link LoadLoop#release}; small receive buffer. */
    HELD
  }

  /** The bytes of a request; they hold a key. */
  public record Request(byte[] bytes) {
    /** A streamed chat completion with a prompt of this size. */
    public static Request chat(
        InetSocketAddress address, String key, String model, int promptBytes) {
      String body =
          """
          {"model":"%s","stream":true,"messages":[{"role":"user","content":"%s"}]}\
          """
              .formatted(
                  model, "lorem ipsum ".repeat(promptBytes / 12 + 1).substring(0, promptBytes));
      String head =
          """
          POST /v1/chat/completions HTTP/1.1
          host: %s:%d
          authorization: Bearer %s
          content-type: application/json
          accept: text/event-stream
          user-agent: penstock-bench
          content-length: %d

          """
              .formatted(address.getHostString(), address.getPort(), key, body.length())
              .replace("\n", "\r\n");
      return new Request((head + body).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String toString() {
      return "Request[" + bytes.length + " bytes]";
    }
  }
}
