package dev.penstock.benchmarks.pipe;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import java.util.concurrent.TimeUnit;

/** A reverse proxy that governs nothing: request in, {@code pipeTo}, answer out; one event loop. */
public final class BarePipe {
  private static final int MOST_CONNECTIONS = 16_384;
  private static final int CANCEL = 8;

  private final HttpClient provider;
  private final int providerPort;

  private BarePipe(HttpClient provider, int providerPort) {
    this.provider = provider;
    this.providerPort = providerPort;
  }

  /** Arguments: the port to listen on, the port to send to; both on the loopback address. */
  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    HttpClient provider =
        vertx.createHttpClient(
            new HttpClientOptions().setTcpNoDelay(true).setDecompressionSupported(false),
            new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
    BarePipe pipe = new BarePipe(provider, Integer.parseInt(arguments[1]));
    vertx
        .createHttpServer(new HttpServerOptions().setTcpNoDelay(true).setAcceptBacklog(1024))
        .requestHandler(pipe::forward)
        .listen(port, "127.0.0.1")
        .await(10, TimeUnit.SECONDS);
  }

  private void forward(HttpServerRequest asked) {
    asked.pause();
    provider
        .request(asked.method(), providerPort, "127.0.0.1", asked.uri())
        .compose(call -> send(asked, call).compose(answer -> relay(asked, call, answer)))
        .onFailure(failure -> asked.response().reset(CANCEL));
  }

  private static Future<HttpClientResponse> send(HttpServerRequest asked, HttpClientRequest call) {
    copy(asked, call, "authorization");
    copy(asked, call, "content-type");
    copy(asked, call, "content-length");
    return call.send(asked);
  }

  private static void copy(HttpServerRequest asked, HttpClientRequest call, String name) {
    String value = asked.getHeader(name);
    if (value != null) {
      call.putHeader(name, value);
    }
  }

  private static Future<Void> relay(
      HttpServerRequest asked, HttpClientRequest call, HttpClientResponse answer) {
    HttpServerResponse out = asked.response();
    out.setStatusCode(answer.statusCode());
    String type = answer.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null) {
      out.putHeader(HttpHeaders.CONTENT_TYPE, type);
    }
    out.setChunked(true);
    return answer.pipeTo(out).onFailure(gone -> call.reset(CANCEL));
  }
}
