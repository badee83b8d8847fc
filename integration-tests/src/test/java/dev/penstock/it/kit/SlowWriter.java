package dev.penstock.it.kit;

import dev.penstock.it.kit.RawStream.Transport;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A client that announces a request and then sends of it what it is told to, a little at a time.
 */
public final class SlowWriter implements AutoCloseable {
  /** More than a caller may send before it is known, and than one WebSocket frame may hold. */
  private static final int ANNOUNCED_BYTES = 256 * 1024;

  private static final int FRAME_BYTES = 2 * 1024;
  private static final int TEXT = 1;
  private static final int CONTINUATION = 0;
  private static final int MASKED = 0x80;
  private static final int TWO_MORE_BYTES = 126;

  private final Socket socket;
  private final Transport transport;
  private boolean begun;

  private SlowWriter(Socket socket, Transport transport) {
    this.socket = socket;
    this.transport = transport;
  }

  /** Sends what comes before the first byte of the request's body or message. */
  public static SlowWriter open(Application application, Transport transport) throws IOException {
    return switch (transport) {
      case SSE -> {
        Socket socket =
            new Socket(application.gateway().getHost(), application.gateway().getPort());
        String head =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
                    .formatted(application.key())
                + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                    .formatted(ANNOUNCED_BYTES);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        yield new SlowWriter(socket, transport);
      }
      case WEBSOCKET -> new SlowWriter(RawStream.upgraded(application), transport);
    };
  }

  /** Sends a little more, which ends nothing. */
  public void trickle() throws IOException {
    OutputStream out = socket.getOutputStream();
    switch (transport) {
      case SSE -> out.write(new byte[FRAME_BYTES]);
      case WEBSOCKET -> out.write(unfinishedFrame());
    }
  }

  /** RFC 6455, section 5.4: a part of a message that is not the last, masked with zeros. */
  private byte[] unfinishedFrame() {
    byte[] frame =
        ByteBuffer.allocate(8 + FRAME_BYTES)
            .put((byte) (begun ? CONTINUATION : TEXT))
            .put((byte) (MASKED | TWO_MORE_BYTES))
            .putShort((short) FRAME_BYTES)
            .array();
    begun = true;
    return frame;
  }

  /** Goes away without a word. */
  @Override
  public void close() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}
