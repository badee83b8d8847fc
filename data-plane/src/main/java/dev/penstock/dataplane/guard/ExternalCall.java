package dev.penstock.dataplane.guard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.dataplane.guard.ExternalAnswer.Found;
import dev.penstock.dataplane.guard.ExternalAnswer.NoVerdict;
import dev.penstock.dataplane.guard.ExternalAnswer.Pass;
import dev.penstock.dataplane.upstream.ProviderAddresses;
import dev.penstock.dataplane.upstream.ProviderFailure;
import dev.penstock.dataplane.upstream.ProviderUrl;
import dev.penstock.kernel.guard.Detector;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One question to one external guard: it waits for a place, asks and reads the answer, all within
 * the detector's timeout, and gives the place back once nothing of it goes on. It always ends with
 * an answer of some kind. Owned by the exchange's event loop.
 */
final class ExternalCall {

  /** Largest answer that is read. */
  static final int MAX_ANSWER_BYTES = 64 * 1024;

  private static final long RESET_CANCEL = 8; // RFC 9113, section 7: CANCEL
  private static final int OK = 200;
  private static final String USER_AGENT = "penstock/0.1";

  /** Its word for what it has found, where it has one that can stand in a record. */
  private static final Pattern RULE = Pattern.compile("[A-Za-z0-9-]{1,64}");

  /** A name that stands twice means one thing here and another thing there: no verdict. */
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Parts parts;
  private final Detector.Http detector;
  private final ProviderUrl url;
  private final Buffer question;
  private final ExternalPlaces.Waiter waiter;
  private final Promise<ExternalAnswer> answer = Promise.promise();
  private @Nullable HttpClientRequest request;
  private long timer = -1;
  private boolean placed;
  private boolean dialling; // cannot be broken off, so it keeps its place until it is over
  private boolean repeated;
  private boolean whole;

  /** What the questions of an event loop are asked with. */
  record Parts(
      Context context, HttpClient http, ProviderAddresses addresses, ExternalPlaces places) {}

  /**
   * @param guard whose detector it is, as {@link dev.penstock.kernel.guard.GuardRef#label()} has it
   */
  ExternalCall(Parts parts, String guard, Detector.Http detector, Buffer question) {
    this.parts = parts;
    this.detector = detector;
    this.question = question;
    url = ProviderUrl.of(detector.url());
    waiter =
        new ExternalPlaces.Waiter(
            new ExternalPlaces.Key(guard, detector.url()),
            detector.maxConcurrent(),
            parts.context(),
            this::onPlace);
  }

  /** Asks; the future always succeeds. */
  Future<ExternalAnswer> start() {
    timer =
        parts
            .context()
            .owner()
            .setTimer(detector.timeout().toMillis(), over -> end(new NoVerdict("timeout")));
    switch (parts.places().take(waiter)) {
      case NOW -> onPlace();
      case LATER -> {} // told by the place that comes free, or by the timer
      case NEVER -> end(new NoVerdict("too many waiting"));
    }
    return answer.future();
  }

  /** Nobody waits for the answer any more. */
  void cancel() {
    end(new NoVerdict("cancelled"));
  }

  private void onPlace() {
    if (answer.future().isComplete()) { // it ended while the place was on its way
      parts.places().giveBack(waiter.key());
      return;
    }
    placed = true;
    dial();
  }

  private void dial() {
    dialling = true;
    parts
        .addresses()
        .resolve(url)
        .compose(address ->
            parts
                .http()
                .request(
                    new RequestOptions()
                        .setServer(address)
                        .setHost(url.host())
                        .setPort(url.port())
                        .setSsl(url.tls())
                        .setMethod(HttpMethod.POST)
                        .setConnectTimeout(detector.timeout().toMillis())
                        .setURI(url.path().isEmpty() ? "/" : url.path())))
        .onComplete(this::onConnected, this::onUnreachable);
  }

  private void onUnreachable(Throwable failure) {
    dialling = false;
    if (answer.future().isComplete()) {
      parts.places().giveBack(waiter.key());
      return;
    }
    end(new NoVerdict(why(failure)));
  }

  private static String why(Throwable failure) {
    return failure instanceof ProviderFailure known
            && known.kind() == ProviderFailure.Kind.FORBIDDEN_ADDRESS
        ? "forbidden address"
        : "no connection";
  }

  private void onConnected(HttpClientRequest opened) {
    dialling = false;
    if (answer.future().isComplete()) {
      opened.reset(RESET_CANCEL);
      parts.places().giveBack(waiter.key());
      return;
    }
    request = opened;
    opened
        .putHeader("content-type", "application/json")
        .putHeader("accept", "application/json")
        .putHeader("accept-encoding", "identity")
        .putHeader("user-agent", USER_AGENT);
    opened.send(question).onComplete(this::onHeaders, failure -> onCut());
  }

  /**
   * A kept connection that has just been closed at the other end looks like a broken guard; a
   * question changes nothing there, so it is asked once more, on a new connection.
   */
  private void onCut() {
    request = null;
    if (repeated || answer.future().isComplete()) {
      end(new NoVerdict("connection cut"));
      return;
    }
    repeated = true;
    dial();
  }

  private void onHeaders(HttpClientResponse response) {
    response.exceptionHandler(failure -> end(new NoVerdict("connection cut")));
    if (response.statusCode() != OK) {
      end(new NoVerdict("status " + response.statusCode())); // a redirect is one of them
      return;
    }
    Buffer body = Buffer.buffer();
    response.handler(part -> {
      if (body.length() + part.length() > MAX_ANSWER_BYTES) {
        end(new NoVerdict("answer too large"));
        return;
      }
      body.appendBuffer(part);
    });
    response.endHandler(end -> {
      whole = true;
      end(read(body));
    });
  }

  private static ExternalAnswer read(Buffer body) {
    try {
      JsonNode said = JSON.readTree(body.getBytes());
      JsonNode verdict = said.path("verdict");
      if (verdict.isTextual() && verdict.textValue().equals("pass")) {
        return new Pass();
      }
      if (verdict.isTextual() && verdict.textValue().equals("found")) {
        String rule = said.path("rule").asText();
        return new Found(RULE.matcher(rule).matches() ? rule : Detector.Http.TYPE);
      }
    } catch (IOException malformed) {
      // said below; what it says of the answer would quote it
    }
    return new NoVerdict("malformed answer");
  }

  private void end(ExternalAnswer how) {
    if (answer.future().isComplete()) {
      return;
    }
    parts.context().owner().cancelTimer(timer);
    if (!placed) {
      parts.places().leave(waiter);
    } else if (!dialling) {
      parts.places().giveBack(waiter.key());
    }
    HttpClientRequest asked = request;
    answer.complete(how);
    if (asked != null && !whole) {
      asked.reset(RESET_CANCEL); // last, as it reports itself as a cut
    }
  }
}
