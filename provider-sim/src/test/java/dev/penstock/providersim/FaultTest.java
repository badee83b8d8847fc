package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.providersim.invoice.BilledCall;
import dev.penstock.providersim.invoice.Outcome;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultTest {
  @RegisterExtension private static final RunningSim SIM = new RunningSim();

  @Test
  void resetsTheConnectionAfterFiveChunks() throws IOException {
    try (RawClient client = RawClient.of(SIM.sim())) {
      // When
      client.ask(RawClient.stream("sim-reset-after-5"));

      // Then
      for (int event = 0; event < 6; event++) {
        client.until("data: ");
      }
      assertThatThrownBy(client::rest).isInstanceOf(SocketException.class);
      assertThat(onlyCall().outcome()).isEqualTo(Outcome.RESET);
      assertThat(onlyCall().chunksSent()).isEqualTo(5);
      assertThat(onlyCall().abortedAtMicros()).isNull();
    }
  }

  @Test
  void resetsBeforeAnyByte() throws IOException {
    try (RawClient client = RawClient.of(SIM.sim())) {
      client.ask(RawClient.stream("sim-reset"));

      assertThatThrownBy(client::rest).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void closesWithoutTheTerminalChunk() throws IOException {
    try (RawClient client = RawClient.of(SIM.sim())) {
      // When
      String answer = client.ask(RawClient.stream("sim-close-after-2")).rest();

      // Then
      assertThat(answer).contains("0000001 ").doesNotContain("[DONE]", "\r\n0\r\n");
      assertThat(onlyCall().outcome()).isEqualTo(Outcome.CLOSED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "401,invalid_api_key",
    "429,rate_limit_exceeded",
    "500,server_error",
    "503,server_is_overloaded",
    "418,invalid_request_error"
  })
  void answersWithTheStatusInItsName(int status, String word) throws IOException {
    try (RawClient client = RawClient.of(SIM.sim())) {
      // When
      String answer =
          client.ask(RawClient.stream("sim-status-" + status), "connection: close").rest();

      // Then
      assertThat(answer).startsWith("HTTP/1.1 " + status).contains(word);
      assertThat(answer.contains("retry-after: 1")).isEqualTo(status == 429 || status == 503);
      assertThat(onlyCall().outcome()).isEqualTo(Outcome.FAILED);
      assertThat(onlyCall().billedNanoUsd()).isZero();
    }
  }

  @Test
  void breaksOneChunkAndGoesOn() throws IOException {
    assertThat(whole("sim-malformed-chunk"))
        .contains("data: {\"id\":\"chatcmpl-broken\",\"choices\":[{\"del\n\n", "data: [DONE]");
  }

  @Test
  void keepsTheUsageToItself() throws IOException {
    assertThat(whole("sim-missing-usage")).doesNotContain("prompt_tokens").contains("[DONE]");
  }

  @Test
  void endsWithoutDone() throws IOException {
    assertThat(whole("sim-no-done")).contains("prompt_tokens").doesNotContain("[DONE]");
  }

  @Test
  void reportsAnErrorInTheStream() throws IOException {
    assertThat(whole("sim-error-mid-stream"))
        .contains("0000002 ", "data: {\"error\":{\"message\":")
        .doesNotContain("[DONE]");
  }

  @Test
  void playsAScriptStepByStep() throws IOException {
    // Given
    SIM.scripts()
        .put(
            "gpt-scripted",
            """
            {"prices": {"input": "0.000000001", "output": 3},
             "usage": {"promptTokens": 1000001, "completionTokens": 7},
             "steps": [
               {"status": 200, "headers": {"x-served-by": "a"}},
               {"event": {"choices": [{"index": 0, "delta": {"content": "Hi"}}]}},
               {"event": "raw", "name": "odd"},
               {"bytes": ": half"}, {"bytes": {"base64": "IGEgbGluZQoK"}},
               {"sleep": 1000},
               {"text": {"chunks": 2}},
               {"finish": "stop"}]}
            """);

    // When
    String answer = whole("gpt-scripted");

    // Then
    assertThat(answer)
        .contains(
            "x-served-by: a", "\"model\":\"gpt-scripted\",\"choices\":[{\"index\":0,\"delta\":")
        .contains("event: odd\ndata: raw\n\n", ": half", " a line\n\n", "\"completion_tokens\":7");
    assertThat(onlyCall().chunksSent()).isEqualTo(3);
    assertThat(onlyCall().billedNanoUsd()).isEqualTo(2 + 21_000);
  }

  private static BilledCall onlyCall() {
    assertThat(SIM.invoice().calls()).hasSize(1);
    return SIM.invoice().calls().getFirst();
  }

  private static String whole(String model) throws IOException {
    try (RawClient client = RawClient.of(SIM.sim())) {
      return client.ask(RawClient.stream(model), "connection: close").rest();
    }
  }
}
