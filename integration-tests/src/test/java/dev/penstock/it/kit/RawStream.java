package dev.penstock.it.kit;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A stream on a bare socket, over HTTP or as a WebSocket, of which exactly as much is read as the
 * test reads: no library drains it in the background, and its receive buffer does not grow.
 */
public final class RawStream implements AutoCloseable {
  /** Not below the 64 KiB that loopback sends at once, or TCP waits for more room each time. */
  private static final int RECEIVE_BUFFER = 256 * 1024;

  private static final int MOST_RETRIES = 10;
  private static final int SWITCHING = 101;
  private static final int UNAVAILABLE = 503;
  private static final String REFUSED = "\"error\":";
  private static final int MOST_OF_A_REFUSAL = 16 * 1024;
  private static final int TEXT_FRAME = 0x81;
  private static final int MASKED = 0x80;

  /** How the answer travels. */
  public enum Transport {
    SSE,
    WEBSOCKET
  }

  private final Socket socket;
  private final InputStream in;
  private final int status;
  private final Map<String, String> headers = new LinkedHashMap<>();

  private RawStream(Socket socket, InputStream in) throws IOException {
    this.socket = socket;
    this.in = in;
    status = Integer.parseInt(line().split(" ", 3)[1]);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
  }

  /**
   * Asks for a stream and reads no more than the head of the answer, or looks at its first message.
   * As SDKs do, asks again where the answer is that it may.
   */
  public static RawStream open(Application application, Transport transport) throws IOException {
    RawStream stream = ask(application, transport);
    for (int again = 0; stream.mayAskAgain() && again < MOST_RETRIES; again++) {
      stream.close();
      stream = ask(application, transport);
    }
    if (stream.status >= 300) {
      int length = Integer.parseInt(stream.header("content-length"));
      throw new AssertionError(
          stream.status + ": " + new String(stream.exactly(length), StandardCharsets.UTF_8));
    }
    return stream;
  }

  private boolean mayAskAgain() throws IOException {
    return status == UNAVAILABLE || status == SWITCHING && firstMessage().contains(REFUSED);
  }

  /** Stays to be read. */
  private String firstMessage() throws IOException {
    in.mark(MOST_OF_A_REFUSAL);
    String message = message();
    in.reset();
    return message;
  }

  private static RawStream ask(Application application, Transport transport) throws IOException {
    return switch (transport) {
      case SSE -> overHttp(application);
      case WEBSOCKET -> overWebSocket(application);
    };
  }

  private static RawStream overHttp(Application application) throws IOException {
    byte[] body = application.streamBody().getBytes(StandardCharsets.UTF_8);
    Socket socket = connect(application.gateway());
    String head =
        """
        POST /v1/chat/completions HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Content-Type: application/json
        Content-Length: %d

        """
            .formatted(application.key(), body.length)
            .replace("\n", "\r\n");
    OutputStream out = socket.getOutputStream();
    out.write(head.getBytes(StandardCharsets.UTF_8));
    out.write(body);
    out.flush();
    return new RawStream(socket, buffered(socket));
  }

  private static RawStream overWebSocket(Application application) throws IOException {
    RawStream stream = upgrade(application);
    if (stream.status == SWITCHING) {
      OutputStream out = stream.socket.getOutputStream();
      out.write(textFrame(application.body("\"id\":\"mine\",\"stream\":true")));
      out.flush();
    }
    return stream;
  }

  /** A WebSocket on which nothing has been said yet. */
  static Socket upgraded(Application application) throws IOException {
    RawStream stream = upgrade(application);
    if (stream.status != SWITCHING) {
      throw new AssertionError("no WebSocket: " + stream.status);
    }
    return stream.socket;
  }

  private static RawStream upgrade(Application application) throws IOException {
    Socket socket = connect(application.gateway());
    String head =
        """
        GET /v1/chat/completions HTTP/1.1
        Host: localhost
        Authorization: Bearer %s
        Connection: Upgrade
        Upgrade: websocket
        Sec-WebSocket-Version: 13
        Sec-WebSocket-Key: %s

        """
            .formatted(application.key(), Base64.getEncoder().encodeToString(new byte[16]))
            .replace("\n", "\r\n");
    OutputStream out = socket.getOutputStream();
    out.write(head.getBytes(StandardCharsets.UTF_8));
    out.flush();
    return new RawStream(socket, buffered(socket));
  }

  private static Socket connect(URI gateway) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(RECEIVE_BUFFER);
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(gateway.getHost(), gateway.getPort()));
    return socket;
  }

  private static InputStream buffered(Socket socket) throws IOException {
    return new BufferedInputStream(socket.getInputStream(), 64 * 1024);
  }

  /** A client must mask its frames; the mask of zeros is a mask, too. */
  private static byte[] textFrame(String text) {
    byte[] payload = text.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + payload.length)
        .put((byte) TEXT_FRAME)
        .put((byte) (MASKED | 126))
        .putShort((short) payload.length)
        .putInt(0)
        .put(payload)
        .array();
  }

  /** A header of the answer; empty where there is none. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** The bytes that follow the head, with the framing of the transport. */
  public InputStream raw() {
    return in;
  }

  /** Reads the whole answer over HTTP, without the framing, to the end of its last chunk. */
  public InputStream chunked() {
    return new ChunkedBody(in);
  }

  /** The next WebSocket message. */
  public String message() throws IOException {
    ByteBuffer whole = ByteBuffer.allocate(0);
    while (true) {
      int first = next();
      int length = next() & 0x7F;
      if (length == 126) {
        length = next() << 8 | next();
      } else if (length == 127) {
        length = (int) ByteBuffer.wrap(exactly(8)).getLong();
      }
      byte[] payload = exactly(length);
      if ((first & 0x0F) > 2) {
        throw new IOException("control frame " + (first & 0x0F));
      }
      whole = ByteBuffer.allocate(whole.capacity() + length).put(whole.array()).put(payload);
      if ((first & 0x80) != 0) {
        return new String(whole.array(), StandardCharsets.UTF_8);
      }
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new IOException("the stream ended within a frame");
    }
    return bytes;
  }

  private int next() throws IOException {
    int value = in.read();
    if (value < 0) {
      throw new IOException("the stream ended");
    }
    return value;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = next(); c != '\n'; c = next()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /** Goes away without a word, as a process does that was killed. */
  @Override
  public void close() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Says goodbye properly. */
  public void leave() throws IOException {
    socket.close();
  }

  /** Takes the frames of HTTP's chunked encoding off. */
  private final class ChunkedBody extends InputStream {
    private final InputStream framed;
    private int left;
    private boolean ended;

    ChunkedBody(InputStream framed) {
      this.framed = framed;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (ended) {
        return -1;
      }
      if (left == 0) {
        left = Integer.parseInt(line(), 16);
        if (left == 0) {
          line();
          ended = true;
          return -1;
        }
      }
      int count = framed.read(bytes, offset, Math.min(length, left));
      if (count < 0) {
        throw new IOException("the stream was cut");
      }
      left -= count;
      if (left == 0) {
        line();
      }
      return count;
    }
  }
}
