package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlDeskTest {
  private ProviderSim sim;

  @BeforeEach
  void start() {
    sim = ProviderSim.start(SimSettings.onAnyPort(RawClient.KEY));
  }

  @AfterEach
  void stop() {
    sim.close();
  }

  @Test
  void keepsScriptsByModel() throws IOException {
    // Given
    String script = "{\"steps\":[{\"finish\":\"stop\"}]}";

    // When
    String put = send("PUT", "/_sim/scripts/org%2Fmodel", script);

    // Then
    assertThat(put).startsWith("HTTP/1.1 204");
    assertThat(send("GET", "/_sim/scripts/org%2Fmodel", "")).contains(script);
    assertThat(send("GET", "/_sim/scripts", "")).contains("{\"org/model\":" + script + "}");
    assertThat(sim.scripts().names()).contains("org/model", "sim-stall");
    assertThat(send("DELETE", "/_sim/scripts/org%2Fmodel", "")).startsWith("HTTP/1.1 204");
    assertThat(send("GET", "/_sim/scripts/org%2Fmodel", "")).startsWith("HTTP/1.1 404");
  }

  @Test
  void repricesABuiltInModel() throws IOException {
    // Given
    send("PUT", "/_sim/scripts/sim-n4-d0-t0", "{\"prices\":{\"input\":\"1\",\"output\":\"2\"}}");

    // When
    try (RawClient client = RawClient.of(sim)) {
      client.ask(RawClient.stream("sim-n4-d0-t0")).skipToDone();
      client.until("0");
    }

    // Then
    assertThat(sim.invoice().calls().getFirst().billedNanoUsd()).isEqualTo(2 * 1_000 + 4 * 2_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {                                       | not JSON
          []                                      | script: (expected: an object)
          {"steps":[]}                            | steps: (expected: a non-empty array)
          {}                                      | steps: missing
          {"step":[]}                             | script.step: unknown
          {"steps":[{"sleep":-1}]}                | steps[0].sleep: -1
          {"steps":[{"sleep":1,"reset":true}]}    | exactly one of
          {"steps":[{"stall":false}]}             | steps[0].stall: false
          {"steps":[{"bytes":{"base64":"*"}}]}    | not base64
          {"steps":[{"text":{"chunk":1}}]}        | steps[0].text.chunk: unknown
          {"prices":{"input":"1.0000000001"}}     | at most 9 decimals
          {"prices":{"input":"-1"}}               | prices.input: -1
          {"refuses":"stop","steps":[{"reset":true}]} | non-empty array of names of fields
          {"refuses":[],"steps":[{"reset":true}]} | script.refuses: []
          {"usage":{"cachedTokens":1}}            | needs promptTokens
          {"usage":{"reasoningTokens":1}}         | needs completionTokens
          {"usage":{"promptTokens":2,"cachedTokens":1,"cacheWrite5mTokens":1,"cacheWrite1hTokens":1}} | usage.cacheWrite
          {"usage":{"completionTokens":1,"reasoningTokens":2}} | usage.reasoningTokens: 2
          {"prices":{"reasoning":"-1"}}           | prices.reasoning: -1
          {"steps":[{"say":7}]}                   | steps[0].say: 7
          {"steps":[{"think":{}}]}                | steps[0].think: {}
          {"steps":[{"say":"a","piece":0}]}       | steps[0].piece: 0
          {"steps":[{"call":{}}]}                 | steps[0].call.name: missing
          {"steps":[{"calls":[]}]}                | steps[0].calls: []
          {"steps":[{"calls":[{"name":"f","arg":1}]}]} | steps[0].calls[0].arg: unknown
          {"steps":[{"fail":{"status":200}}]}     | steps[0].fail.status: 200
          """)
  void saysWhatIsWrongWithAScript(String script, String complaint) throws IOException {
    assertThat(send("PUT", "/_sim/scripts/mine", script))
        .startsWith("HTTP/1.1 400")
        .contains(complaint);
  }

  @Test
  void pagesTheInvoice() throws IOException {
    // Given
    for (String model : new String[] {"sim-n1-d0-t0", "sim-n2-d0-t0", "nope"}) {
      try (RawClient client = RawClient.of(sim)) {
        client.ask(RawClient.hello(model, "")).answer();
      }
    }

    // Then
    assertThat(send("GET", "/_sim/invoice", ""))
        .contains("\"index\":0,", "\"index\":1,", "\"index\":2,", "\"nextIndex\":3")
        .contains(
            "\"headerNames\":[\"host\",\"authorization\",\"content-type\",\"content-length\"]")
        .contains(
            "\"protocol\":\"openai-chat\"",
            "\"usage\":{\"promptTokens\":2,\"cachedTokens\":0,\"cacheWrite5mTokens\":0,"
                + "\"cacheWrite1hTokens\":0,\"completionTokens\":1,\"reasoningTokens\":0}")
        .contains("\"rejection\":\"model_not_found\"", "\"abortedAtMicros\":null")
        .doesNotContain(RawClient.KEY);
    assertThat(send("GET", "/_sim/invoice?since=1&model=sim-n2-d0-t0", ""))
        .contains("\"index\":1,", "\"billedNanoUsd\":25000,\"nextIndex\":3")
        .doesNotContain("\"index\":0,", "\"index\":2,");
    assertThat(send("DELETE", "/_sim/invoice", "")).startsWith("HTTP/1.1 204");
    assertThat(send("GET", "/_sim/invoice", "")).contains("\"calls\":[]", "\"nextIndex\":3");
  }

  @Test
  void takesOtherKeysFromWhenItIsTold() throws IOException {
    // Given
    try (RawClient running = RawClient.of(sim)) {
      running.ask(RawClient.stream("sim-n3-d200000-t0")).until("data: ");

      // When
      String put = send("PUT", "/_sim/api-keys", "[\"sk-next\",\"sk-after\"]");

      // Then
      assertThat(put).startsWith("HTTP/1.1 204");
      running.skipToDone();
    }
    assertThat(models(RawClient.KEY)).startsWith("HTTP/1.1 401");
    assertThat(models("sk-after")).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "[\" \"]", "{\"sk-shown\":1}", "\"sk-shown\"", "[null]"})
  void keepsTheKeysItHasWhereItIsToldNone(String keys) throws IOException {
    assertThat(send("PUT", "/_sim/api-keys", keys))
        .startsWith("HTTP/1.1 400")
        .contains("array of upstream keys")
        .doesNotContain("sk-shown");
    assertThat(models(RawClient.KEY)).startsWith("HTTP/1.1 200");
  }

  @Test
  void saysThatItIsUp() throws IOException {
    assertThat(send("GET", "/_sim/healthz", "")).startsWith("HTTP/1.1 200");
  }

  private String send(String method, String path, String body) throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      return client.send(method, path, body).answer();
    }
  }

  private String models(String key) throws IOException {
    try (RawClient client = RawClient.of(sim)) {
      return client.send("GET", "/v1/models", "", "authorization: Bearer " + key).answer();
    }
  }
}
