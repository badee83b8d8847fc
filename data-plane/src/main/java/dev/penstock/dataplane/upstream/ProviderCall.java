package dev.penstock.dataplane.upstream;

import dev.penstock.dataplane.exchange.Asked;
import dev.penstock.dataplane.exchange.ClientGoneException;
import dev.penstock.dataplane.route.Candidate;
import dev.penstock.dataplane.upstream.ProviderFailure.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One call to one deployment, up to the first byte of its answer. Only headers named here reach the
 * provider; nothing of the client's does. Owned by the exchange's event loop.
 */
final class ProviderCall {

  private static final long RESET_CANCEL = 8; // RFC 9113, section 7: CANCEL
  private static final String EVENT_STREAM = "text/event-stream";
  private static final String USER_AGENT = "penstock/0.1";

  private final HttpClient http;
  private final ProviderAddresses addresses;
  private final Candidate candidate;
  private final Asked asked;
  private final Protocol protocol;
  private final boolean stream;
  private final int maxAnswerBytes;
  private final long connectMillis;
  private final Promise<ProviderAnswer> answer = Promise.promise();
  private @Nullable HttpClientRequest request;
  private boolean cancelled;
  private long answerBytes;

  ProviderCall(
      HttpClient http,
      ProviderAddresses addresses,
      Candidate candidate,
      Asked asked,
      boolean stream,
      int maxAnswerBytes,
      long connectMillis) {
    this.http = http;
    this.addresses = addresses;
    this.candidate = candidate;
    this.asked = asked;
    protocol = Protocol.of(candidate);
    this.stream = stream;
    this.maxAnswerBytes = maxAnswerBytes;
    this.connectMillis = connectMillis;
  }

  /** Sends the body; fails with a {@link ProviderFailure} or a {@link ClientGoneException}. */
  Future<ProviderAnswer> start(Buffer body) {
    ProviderUrl url = ProviderUrl.of(candidate.provider().baseUrl());
    addresses
        .resolve(url.host(), url.port())
        .compose(address ->
            http.request(
                new RequestOptions()
                    .setServer(address)
                    .setHost(url.host())
                    .setPort(url.port())
                    .setSsl(url.tls())
                    .setMethod(HttpMethod.POST)
                    .setConnectTimeout(connectMillis)
                    .setURI(url.path() + protocol.path(asked.endpoint(), candidate))))
        .onComplete(
            opened -> onConnected(opened, body), failure -> fail(asFailure(failure, Kind.CONNECT)));
    return answer.future();
  }

  private void onConnected(HttpClientRequest opened, Buffer body) {
    if (cancelled) {
      opened.reset(RESET_CANCEL);
      return;
    }
    request = opened;
    if (stream) {
      ChunkedReader.of(opened.connection()).expectHead();
    }
    protocol.putHeaders(opened, candidate, asked);
    opened
        .putHeader("content-type", "application/json")
        .putHeader("accept", stream ? EVENT_STREAM : "application/json")
        .putHeader("accept-encoding", "identity")
        .putHeader("user-agent", USER_AGENT);
    opened.send(body).onComplete(this::onHeaders, failure -> fail(asFailure(failure, Kind.CUT)));
  }

  private void onHeaders(HttpClientResponse response) {
    int status = response.statusCode();
    if (status >= 500) {
      response.exceptionHandler(ignored -> {});
      fail(ProviderFailure.ofServer(status, protocol.requestId(response)));
      cancel();
    } else if (stream && status == 200 && isEventStream(response)) {
      awaitFirstRead(response);
    } else {
      if (stream) {
        ChunkedReader.of(response.request().connection()).leave();
      }
      collect(response);
    }
  }

  private static boolean isEventStream(HttpClientResponse response) {
    String type = response.getHeader("content-type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith(EVENT_STREAM);
  }

  /**
   * A provider that answers 200 and then nothing can still be replaced, so the first read is ours.
   */
  private void awaitFirstRead(HttpClientResponse response) {
    int status = response.statusCode();
    String requestId = protocol.requestId(response);
    ProviderStream.open(
        response,
        this::cancel,
        body -> answer.tryComplete(new ProviderAnswer.Streaming(status, body, requestId)),
        () -> fail(ProviderFailure.of(Kind.CUT)));
  }

  private void collect(HttpClientResponse response) {
    Buffer body = Buffer.buffer();
    response.exceptionHandler(failure -> fail(ProviderFailure.of(Kind.CUT)));
    response.handler(part -> {
      answerBytes += part.length();
      if (body.length() + part.length() > maxAnswerBytes) {
        fail(ProviderFailure.of(Kind.TOO_LARGE));
        cancel(); // last, as it reports itself as a cut
        return;
      }
      body.appendBuffer(part);
    });
    response.endHandler(end -> {
      String retryAfter = response.getHeader("retry-after");
      answer.tryComplete(
          new ProviderAnswer.Whole(
              response.statusCode(),
              body,
              retryAfter == null ? "" : retryAfter,
              protocol.requestId(response)));
    });
  }

  /** Ends the call: the provider stops generating, and its connection is closed. */
  void cancel() {
    cancelled = true;
    if (request != null) {
      request.reset(RESET_CANCEL);
    }
  }

  /** What has become of the call. */
  Future<ProviderAnswer> answer() {
    return answer.future();
  }

  /** Whether the provider has been asked, and may charge for it. */
  boolean sent() {
    return request != null;
  }

  /** What has come of a whole answer. */
  long answerBytes() {
    return answerBytes;
  }

  /** The client has left; what has been answered is no longer this call's concern. */
  void abandon() {
    if (answer.tryFail(
        sent()
            ? ClientGoneException.afterSendingTo(candidate)
            : ClientGoneException.beforeTheCall())) {
      cancel();
    }
  }

  private void fail(RuntimeException failure) {
    answer.tryFail(failure);
  }

  private static RuntimeException asFailure(Throwable failure, Kind otherwise) {
    return failure instanceof ProviderFailure known ? known : ProviderFailure.of(otherwise);
  }
}
