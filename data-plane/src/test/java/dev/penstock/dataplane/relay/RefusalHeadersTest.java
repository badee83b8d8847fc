package dev.penstock.dataplane.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.dialect.openai.ChatErrors;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every refusal tells SDKs whether to ask again, and when: what official ones act upon. */
class RefusalHeadersTest {

  /** What a second request can mend; after a provider had its chance it might be billed again. */
  private static final Set<Code> WORTH_RETRYING =
      EnumSet.of(
          Code.RATE_LIMIT_EXCEEDED,
          Code.CONCURRENCY_LIMIT_EXCEEDED,
          Code.BUDGET_UNAVAILABLE,
          Code.POLICY_STALE,
          Code.USAGE_BACKPRESSURE,
          Code.OVERLOADED,
          Code.NODE_DRAINING,
          Code.NO_DEPLOYMENT_AVAILABLE,
          Code.UPSTREAM_RATE_LIMITED);

  private static final Vertx VERTX = Vertx.vertx();
  private static int port;

  @BeforeAll
  static void listen() throws Exception {
    port =
        VERTX
            .createHttpServer()
            .requestHandler(request ->
                new HttpChannel(VERTX, request, "id-1", 16_384, new ChatErrors())
                    .refuse(Refusal.of(code(request), "No."), "id-1"))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
  }

  private static Code code(HttpServerRequest request) {
    return Code.valueOf(Objects.requireNonNull(request.path()).substring(1));
  }

  @AfterAll
  static void stop() throws Exception {
    VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(Code.class)
  void saysWhetherAndWhenToAskAgain(Code code) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + code.name()))
                    .build(),
                BodyHandlers.ofString());

    boolean again = WORTH_RETRYING.contains(code);
    assertThat(response.statusCode()).isEqualTo(code.status());
    assertThat(response.headers().firstValue("x-should-retry")).contains(String.valueOf(again));
    assertThat(response.headers().firstValue("retry-after").isPresent()).isEqualTo(again);
    assertThat(response.headers().firstValue("retry-after-ms").isPresent()).isEqualTo(again);
    assertThat(response.headers().firstValue("x-penstock-error-code")).contains(code.text());
    assertThat(response.headers().firstValue("x-request-id")).contains("id-1");
    assertThat(response.headers().firstValue("request-id")).contains("id-1");
  }
}
