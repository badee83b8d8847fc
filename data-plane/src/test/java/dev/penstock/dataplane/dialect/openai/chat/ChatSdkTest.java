package dev.penstock.dataplane.dialect.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * OpenAI's own SDK reads every recorded outcome for clients of OpenAI Chat, whoever the provider
 * was: its raw iterator, and its accumulator, which takes the least.
 */
class ChatSdkTest {

  private static final Path CASES = Path.of("src/test/resources/dialect");
  private static final String STREAM = "stream.openai-chat.sse";
  private static final String WHOLE = "whole.openai-chat.json";
  private static final Map<String, byte[]> ANSWERS = new ConcurrentHashMap<>();

  private static HttpServer server;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String asked =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          byte[] answer =
              ANSWERS.entrySet().stream()
                  .filter(it -> asked.contains("\"" + it.getKey() + "\""))
                  .findFirst()
                  .orElseThrow()
                  .getValue();
          boolean stream = asked.contains("\"stream\":true");
          exchange
              .getResponseHeaders()
              .set("content-type", stream ? "text/event-stream" : "application/json");
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(answer);
          }
        });
    server.start();
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/v1")
            .apiKey("none")
            .maxRetries(0)
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.stop(0);
  }

  static Stream<Path> streams() throws IOException {
    return recorded(STREAM);
  }

  static Stream<Path> wholes() throws IOException {
    return recorded(WHOLE);
  }

  private static Stream<Path> recorded(String name) throws IOException {
    try (Stream<Path> files = Files.walk(CASES)) {
      return files.filter(file -> file.endsWith(name)).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("streams")
  void readsEveryStreamOrRaisesItsError(Path recorded) throws IOException {
    byte[] sse = Files.readAllBytes(recorded);
    String model = given(recorded, sse);
    if (new String(sse, StandardCharsets.UTF_8).contains("event: error")) {
      assertThatThrownBy(() -> stream(model)).isInstanceOf(OpenAIException.class);
      return;
    }

    ChatCompletion answer = stream(model);

    assertSound(answer);
    assertThat(answer.usage().isPresent())
        .isEqualTo(new String(sse, StandardCharsets.UTF_8).contains("prompt_tokens"));
  }

  @ParameterizedTest
  @MethodSource("wholes")
  void readsEveryWholeAnswer(Path recorded) throws IOException {
    String model = given(recorded, Files.readAllBytes(recorded));

    assertSound(client.chat().completions().create(params(model)));
  }

  private static void assertSound(ChatCompletion answer) {
    answer.validate();
    List<ChatCompletionMessageToolCall> calls =
        answer.choices().getFirst().message().toolCalls().orElse(List.of());
    String reason = answer.choices().getFirst().finishReason().asString();
    assertThat(reason).isIn("stop", "length", "tool_calls", "content_filter");
    assertThat(reason.equals("tool_calls")).isEqualTo(!calls.isEmpty());
    for (ChatCompletionMessageToolCall call : calls) {
      assertThat(call.asFunction().function().arguments()).startsWith("{").endsWith("}");
    }
  }

  /** The name of a model that answers so. */
  private static String given(Path recorded, byte[] answer) {
    String model = CASES.relativize(recorded).toString();
    ANSWERS.put(model, answer);
    return model;
  }

  private static ChatCompletion stream(String model) {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(params(model))) {
      chunks.stream().map(ChatCompletionChunk::validate).forEach(accumulator::accumulate);
    }
    return accumulator.chatCompletion();
  }

  private static ChatCompletionCreateParams params(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage("Hi").build();
  }
}
