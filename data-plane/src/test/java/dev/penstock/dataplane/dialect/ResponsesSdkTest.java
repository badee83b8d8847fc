package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.SseException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseStreamEvent;
import com.sun.net.httpserver.HttpServer;
import dev.penstock.dataplane.dialect.openai.responses.ResponsesCodec;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * OpenAI's own SDK reads over a socket what every provider's recorded answer becomes in Responses:
 * see {@link GoldenTest}.
 */
class ResponsesSdkTest {

  private static final Path CASES = Path.of("src/test/resources/dialect");
  private static final String STREAM = "stream.openai-responses.sse";
  private static final String WHOLE = "whole.openai-responses.json";

  private volatile byte[] body = new byte[0];
  private volatile int status = 200;
  private volatile String type = "text/event-stream";
  private HttpServer server;
  private OpenAIClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("content-type", type);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/v1")
            .apiKey("none")
            .maxRetries(0)
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  static List<Path> completeStreams() {
    return streams(text -> !isFailure(text));
  }

  static List<Path> failedStreams() {
    return streams(ResponsesSdkTest::isFailure);
  }

  private static boolean isFailure(String sse) {
    return sse.contains("\nevent: response.failed\n");
  }

  private static List<Path> streams(Predicate<String> those) {
    return files(STREAM).stream().filter(file -> those.test(text(file))).toList();
  }

  static List<Path> wholeAnswers() {
    return files(WHOLE);
  }

  private static List<Path> files(String name) {
    try (Stream<Path> all = Files.walk(CASES)) {
      return all.filter(file -> file.endsWith(name)).sorted().toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @ParameterizedTest
  @MethodSource("completeStreams")
  void accumulatesWhatWasTold(Path file) {
    String sse = text(file);
    body = sse.getBytes(StandardCharsets.UTF_8);
    StringBuilder deltas = new StringBuilder();
    ResponseAccumulator accumulator = ResponseAccumulator.createWithSnapshots();
    try (StreamResponse<ResponseStreamEvent> events =
        client.responses().createStreaming(params())) {
      events.stream()
          .forEach(event -> {
            event.outputTextDelta().ifPresent(delta -> deltas.append(delta.delta()));
            accumulator.accumulate(event.validate());
          });
    }

    Response response = accumulator.response().validate();
    assertThat(text(response)).isEqualTo(deltas.toString());
    assertThat(text(accumulator.reconstructedResponse())).isEqualTo(deltas.toString());
    assertThat(response.status().orElseThrow().asString()).matches("completed|incomplete");
  }

  @ParameterizedTest
  @MethodSource("failedStreams")
  void raisesWhatBroke(Path file) {
    body = text(file).getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(
            () -> {
              try (StreamResponse<ResponseStreamEvent> events =
                  client.responses().createStreaming(params())) {
                events.stream().forEach(event -> {});
              }
            })
        .isInstanceOf(SseException.class);
  }

  @ParameterizedTest
  @MethodSource("wholeAnswers")
  void readsWholeAnswers(Path file) {
    type = "application/json";
    body = text(file).getBytes(StandardCharsets.UTF_8);

    Response response = client.responses().create(params()).validate();

    assertThat(response.output()).isNotEmpty();
    assertThat(response.status().orElseThrow().asString()).matches("completed|incomplete");
  }

  @Test
  void readsARefusal() {
    status = 400;
    type = "application/json";
    Refusal refusal = Refusal.ofField(Code.UNSUPPORTED_FIELD, "stop", "Leave out stop.");
    body = new ResponsesCodec().refusal(refusal, "req_1").getBytes();

    assertThatThrownBy(() -> client.responses().create(params()))
        .isInstanceOfSatisfying(
            BadRequestException.class,
            raised -> {
              assertThat(raised.code()).contains("unsupported_field");
              assertThat(raised.param()).contains("stop");
              assertThat(raised).hasMessageContaining("Leave out stop.");
            });
  }

  private static ResponseCreateParams params() {
    return ResponseCreateParams.builder().model("assistant").input("Hello").build();
  }

  private static String text(Response response) {
    return response.output().stream()
        .flatMap(item -> item.message().stream())
        .flatMap(message -> message.content().stream())
        .flatMap(content -> content.outputText().stream())
        .map(part -> part.text())
        .collect(Collectors.joining());
  }
}
