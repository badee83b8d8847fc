package dev.penstock.providersim;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client down to the socket: it sees an RST as one, reads only when told, and leaves rudely. */
final class RawClient implements AutoCloseable {
  static final String KEY = "sk-sim-test";
  private static final int PATIENCE_MILLIS = 15_000;

  private final Socket socket = new Socket();
  private final InputStream in;

  private RawClient(int port) throws IOException {
    socket.setReceiveBufferSize(64 << 10);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
  }

  static RawClient of(ProviderSim sim) throws IOException {
    return new RawClient(sim.port());
  }

  static String hello(String model, String more) {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]%s}"
        .formatted(model, more);
  }

  static String stream(String model) {
    return hello(model, ",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
  }

  /** Asks for a completion with the right key; each extra header is a whole line. */
  RawClient ask(String body, String... headers) throws IOException {
    return send(
        "POST",
        "/v1/chat/completions",
        body,
        withDefaults(headers, "authorization: Bearer " + KEY));
  }

  RawClient send(String method, String path, String body, String... headers) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nhost: sim\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("content-length: ").append(bytes.length).append("\r\n\r\n");
    socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** One line, as one byte a character, without its end. */
  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("end of stream after: " + line);
      }
      line.write(next);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /** Reads lines until one starts like this, and returns it. */
  String until(String start) throws IOException {
    String line = line();
    while (!line.startsWith(start)) {
      line = line();
    }
    return line;
  }

  /** Everything up to the server's FIN. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** One answer that is not a fault: its head and its body, chunked or of stated length. */
  String answer() throws IOException {
    StringBuilder answer = new StringBuilder();
    int length = 0;
    boolean chunked = false;
    for (String line = line(); !line.isEmpty(); line = line()) {
      answer.append(line).append('\n');
      chunked |= line.equals("transfer-encoding: chunked");
      if (line.startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring("content-length: ".length()));
      }
    }
    answer.append(new String(in.readNBytes(length), StandardCharsets.UTF_8));
    for (String line = chunked ? line() : "0"; !line.equals("0"); line = line()) {
      answer.append(line).append('\n');
    }
    return answer.toString();
  }

  /** Counts what comes up to the end of a chunked answer, without keeping it. */
  long skipToDone() throws IOException {
    long lines = 0;
    while (!line().equals("data: [DONE]")) {
      lines++;
    }
    return lines;
  }

  /** Leaves with an RST. */
  void slamShut() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static String[] withDefaults(String[] headers, String authorization) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = authorization;
    all[headers.length + 1] = "content-type: application/json";
    return all;
  }
}
