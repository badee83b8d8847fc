package dev.penstock.dataplane;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** An external guard on a real port, which says what a test has it say. */
final class PlayedGuard implements AutoCloseable {

  static final String PASS = "{\"verdict\":\"pass\"}";

  /** How it was asked; names of headers are in lower case. */
  record Question(String method, String uri, Map<String, String> headers, String body) {}

  final List<Question> questions = new CopyOnWriteArrayList<>();
  final AtomicInteger open = new AtomicInteger();
  final AtomicInteger mostAtOnce = new AtomicInteger();
  final AtomicInteger left = new AtomicInteger();
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private volatile Consumer<HttpServerResponse> plays = response -> response.end(PASS);

  PlayedGuard() {
    server =
        NodeTester.await(
            vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/v1/check";
  }

  PlayedGuard says(String body) {
    return plays(response -> response.end(body));
  }

  PlayedGuard plays(Consumer<HttpServerResponse> what) {
    plays = what;
    return this;
  }

  /** Says it after so long. */
  PlayedGuard after(long millis, String body) {
    return plays(response -> vertx.setTimer(millis, over -> response.end(body)));
  }

  Question onlyQuestion() {
    if (questions.size() != 1) {
      throw new AssertionError(questions.size() + " questions");
    }
    return questions.getFirst();
  }

  private void take(HttpServerRequest request) {
    mostAtOnce.accumulateAndGet(open.incrementAndGet(), Math::max);
    request
        .response()
        .closeHandler(closed -> left.incrementAndGet())
        .endHandler(end -> open.decrementAndGet());
    request
        .body()
        .onSuccess(body -> {
          Map<String, String> headers = new TreeMap<>();
          request
              .headers()
              .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
          questions.add(
              new Question(request.method().name(), request.uri(), headers, body.toString()));
          plays.accept(request.response());
        });
  }

  @Override
  public void close() {
    NodeTester.await(vertx.close());
  }
}
