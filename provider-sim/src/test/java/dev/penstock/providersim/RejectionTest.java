package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.providersim.invoice.BilledCall;
import dev.penstock.providersim.invoice.Outcome;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RejectionTest {
  private static final String SSE = ",\"stream\":true";
  @RegisterExtension private static final RunningSim SIM = new RunningSim();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-penstock-request-id: r",
        "X-Penstock-Tags: a",
        "cookie: a=b",
        "x-forwarded-for: 10.0.0.1",
        "X-Forwarded-Proto: https",
        "forwarded: for=10.0.0.1",
        "via: 1.1 gate",
        "x-real-ip: 10.0.0.1",
        "proxy-authorization: Basic eA==",
        "te: trailers",
        "keep-alive: timeout=5",
        "x-api-key: sk-client",
        "connection: x-secret-hop",
        "x-note: pens_live_a"
      })
  void namesAHeaderThatLeaked(String header) throws IOException {
    String name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);

    String answer = ask(RawClient.hello("sim", ""), header);

    assertThat(answer).startsWith("HTTP/1.1 400").contains("Header `" + name + "` must not reach");
    assertThat(onlyCall().rejection()).isEqualTo("leaked_header");
  }

  @Test
  void refusesAPenstockKeyWithoutRepeatingIt() throws IOException {
    String answer =
        send("POST", "/v1/chat/completions", RawClient.hello("sim", ""), "pens_live_1_2_3");

    assertThat(answer)
        .startsWith("HTTP/1.1 400")
        .contains("authorization")
        .doesNotContain("_1_2_3");
  }

  @Test
  void refusesAKeyItDoesNotKnow() throws IOException {
    String answer = send("POST", "/v1/chat/completions", RawClient.hello("sim", ""), "sk-other");

    assertThat(answer)
        .startsWith("HTTP/1.1 401")
        .contains("invalid_api_key")
        .doesNotContain("other");
  }

  @ParameterizedTest
  @CsvSource({
    "POST,/v1/chat/completion,404,unknown_url", "POST,/chat/completions,404,unknown_url",
    "POST,/v1/v1/chat/completions,404,unknown_url", "GET,/v1/chat/completions,405,not_supported",
    "POST,/v1/models,405,not_supported", "GET,/v1/models/nope,404,model_not_found"
  })
  void refusesWrongPathsAndMethods(String method, String path, int status, String word)
      throws IOException {
    String answer = send(method, path, "", RawClient.KEY);

    assertThat(answer).startsWith("HTTP/1.1 " + status).contains(word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{} {}",
        "{\"model\":\"sim\",\"model\":\"sim\"}",
        "{\"messages\":[]}",
        "{\"model\":\"sim\"}",
        "{\"model\":\"sim\",\"messages\":[]}",
        "{\"model\":7,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}",
        "{\"model\":\"sim\",\"messages\":[{\"role\":\"wizard\",\"content\":\"a\"}]}",
        "{\"model\":\"sim\",\"messages\":[{\"role\":\"user\"}]}",
        "{\"model\":\"sim\",\"messages\":[{\"role\":\"tool\",\"content\":\"a\"}]}",
        "{\"model\":\"sim\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"odd\"}]}]}"
      })
  void refusesBodiesThatAreNoRequest(String body) throws IOException {
    String answer = ask(body);

    assertThat(answer).startsWith("HTTP/1.1 400").contains("invalid_request_error");
    assertThat(onlyCall().outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(onlyCall().billedNanoUsd()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ",\"stream_options\":{\"include_usage\":true}",
        SSE + ",\"stream_options\":{\"surprise\":true}",
        ",\"stream\":\"yes\"",
        ",\"max_tokens\":0",
        ",\"max_tokens\":1,\"max_completion_tokens\":1",
        ",\"temperature\":3",
        ",\"n\":2",
        ",\"penstock\":{}"
      })
  void refusesFieldsThatAreWrong(String field) throws IOException {
    assertThat(ask(RawClient.hello("sim", field))).startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @CsvSource({"199,200", "200,400"})
  void readsTwoHundredLevelsAndNoMore(int arrays, int status) throws IOException {
    String nested = ",\"metadata\":" + "[".repeat(arrays) + "]".repeat(arrays);

    assertThat(ask(RawClient.hello("sim-n1-d0-t0", nested))).startsWith("HTTP/1.1 " + status);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/messages,api-key",
    "/v1/responses,x-api-key",
    "/mistral/v1/chat/completions,x-api-key",
    "/vllm/v1/chat/completions,api-key",
    "/openai/v1/chat/completions,x-api-key"
  })
  void takesAnotherProvidersKeyHeaderForALeak(String path, String header) {
    assertThat(
            new SimClient(SIM.sim())
                .post(
                    path,
                    RawClient.hello("sim", ""),
                    "anthropic-version",
                    "2023-06-01",
                    header,
                    "k")
                .body())
        .contains("Header `" + header + "` must not reach");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4o", "sim-n1-n2", "sim-b0", "sim-b10-s1", "sim-x1", "simulator"})
  void knowsNoModelOfThatName(String model) throws IOException {
    assertThat(ask(RawClient.hello(model, SSE)))
        .startsWith("HTTP/1.1 404")
        .contains("model_not_found", "`" + model + "`");
  }

  @Test
  void acceptsWhatRealClientsSend() throws IOException {
    String answer =
        ask(
            RawClient.hello("sim-n1-d0-t0", SSE + ",\"temperature\":0.5,\"user\":\"u\""),
            "accept-encoding: gzip",
            "cookie: ",
            "user-agent: OpenAI/JS 6.49.0",
            "x-stainless-retry-count: 0",
            "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    assertThat(answer).startsWith("HTTP/1.1 200").contains("[DONE]");
  }

  private static BilledCall onlyCall() {
    assertThat(SIM.invoice().calls()).hasSize(1);
    return SIM.invoice().calls().getFirst();
  }

  private static String ask(String body, String... headers) throws IOException {
    try (RawClient client = RawClient.of(SIM.sim())) {
      return client.ask(body, headers).answer();
    }
  }

  private static String send(String method, String path, String body, String key)
      throws IOException {
    try (RawClient client = RawClient.of(SIM.sim())) {
      return client
          .send(
              method, path, body, "authorization: Bearer " + key, "content-type: application/json")
          .answer();
    }
  }
}
