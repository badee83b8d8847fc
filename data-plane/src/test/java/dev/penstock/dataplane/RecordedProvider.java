package dev.penstock.dataplane;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A provider that writes down how it was called and plays bytes that were recorded of a real one.
 */
final class RecordedProvider implements AutoCloseable {

  /** How it was called; names of headers are in lower case. */
  record Call(String uri, Map<String, String> headers, String body) {}

  private record Answer(int status, String contentType, String bytes) {}

  final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private volatile Answer answer = new Answer(500, "text/plain", "");
  private volatile int bytesPerWrite = Integer.MAX_VALUE;
  private volatile int firstWrite = Integer.MAX_VALUE;

  RecordedProvider() {
    server =
        NodeTester.await(
            vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  RecordedProvider streams(String events) {
    answer = new Answer(200, "text/event-stream", events);
    return this;
  }

  RecordedProvider answers(int status, String json) {
    answer = new Answer(status, "application/json", json);
    return this;
  }

  /** So many bytes at once, so that events come in pieces. */
  RecordedProvider inPieces(int bytes) {
    bytesPerWrite = bytes;
    return this;
  }

  /** In two pieces, of which the first has so many bytes. */
  RecordedProvider cutAt(int bytes) {
    firstWrite = bytes;
    return this;
  }

  Call onlyCall() {
    if (calls.size() != 1) {
      throw new AssertionError(calls.size() + " calls");
    }
    return calls.getFirst();
  }

  private void take(HttpServerRequest request) {
    request
        .body()
        .onSuccess(body -> {
          Map<String, String> headers = new TreeMap<>();
          request.headers().forEach((name, value) -> headers.put(name.toLowerCase(), value));
          calls.add(new Call(request.uri(), headers, body.toString()));
          HttpServerResponse response = request.response();
          response
              .setStatusCode(answer.status())
              .putHeader("content-type", answer.contentType())
              .setChunked(true);
          play(response, Buffer.buffer(answer.bytes()), 0);
        });
  }

  private void play(HttpServerResponse response, Buffer bytes, int from) {
    if (from == bytes.length()) {
      response.end();
      return;
    }
    int length = from == 0 ? Math.min(firstWrite, bytesPerWrite) : bytesPerWrite;
    int to = (int) Math.min(bytes.length(), (long) from + length);
    response
        .write(bytes.slice(from, to))
        .onSuccess(written -> vertx.runOnContext(next -> play(response, bytes, to)));
  }

  @Override
  public void close() {
    NodeTester.await(vertx.close());
  }
}
