package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.SimClient.Answered;
import dev.penstock.providersim.invoice.BilledCall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingsTest {
  private static final String PATH = "/v1/embeddings";
  @RegisterExtension private static final RunningSim SIM = new RunningSim();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "Hello"            | 1 | 2
          ["Hello","there"]  | 2 | 4
          [1,2,3]            | 1 | 3
          [[1,2,3],[4]]      | 2 | 4
          """)
  void takesEveryKindOfInput(String input, int vectors, int tokens) {
    Answered answer = ask("\"input\":" + input);

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(answer.json().path("data")).hasSize(vectors);
    assertThat(answer.json().at("/data/0/embedding")).hasSize(1_536);
    assertThat(answer.json().at("/usage/total_tokens").intValue()).isEqualTo(tokens);
    BilledCall call = SIM.firstCall();
    assertThat(call.protocol()).isEqualTo("openai-embeddings");
    assertThat(call.billedNanoUsd()).isEqualTo(tokens * 2_500L);
  }

  @Test
  void encodesTheSameVectorInBase64() {
    JsonNode floats = ask("\"input\":\"a\",\"dimensions\":3").json().at("/data/0/embedding");
    String base64 =
        ask("\"input\":\"a\",\"dimensions\":3,\"encoding_format\":\"base64\"")
            .json()
            .at("/data/0/embedding")
            .textValue();

    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    double squares = 0;
    for (JsonNode number : floats) {
      assertThat(bytes.getFloat()).isEqualTo(number.floatValue());
      squares += number.doubleValue() * number.doubleValue();
    }
    assertThat(bytes.hasRemaining()).isFalse();
    assertThat(squares).isEqualTo(1, within(1e-6));
  }

  @Test
  void mistralsDimensionHasAnotherName() {
    String body = "{\"model\":\"sim\",\"input\":[\"a\"],\"%s\":8}";

    JsonNode answer = SIM.post("/mistral" + PATH, body.formatted("output_dimension")).json();

    assertThat(answer.at("/data/0/embedding")).hasSize(8);
    assertThat(answer.path("id").textValue()).isNotEmpty();
    assertThat(answer.at("/usage/completion_tokens").isInt()).isTrue();
    assertThat(SIM.post("/mistral" + PATH, body.formatted("dimensions")).status()).isEqualTo(422);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"input\":\"\"",
        "\"input\":[]",
        "\"input\":[\"a\",1]",
        "\"input\":[[]]",
        "\"input\":\"a\",\"dimensions\":0",
        "\"input\":\"a\",\"dimensions\":3073",
        "\"input\":\"a\",\"encoding_format\":\"hex\"",
        "\"input\":\"a\",\"stream\":true"
      })
  void refusesWhatIsNoInput(String fields) {
    assertThat(ask(fields).status()).isEqualTo(400);
  }

  @Test
  void refusesTooLongAnInput() {
    assertThat(ask("\"input\":\"" + "a".repeat(4 * 8_192) + "\"").status()).isEqualTo(200);
    assertThat(ask("\"input\":\"" + "a".repeat(4 * 8_192 + 1) + "\"").body())
        .contains("context_length_exceeded");
  }

  @Test
  void playsFaultsAndNotWords() {
    String body = "{\"model\":\"sim-status-429\",\"input\":\"a\"}";

    assertThat(SIM.post(PATH, body).status()).isEqualTo(429);
  }

  private static Answered ask(String fields) {
    return SIM.post(PATH, "{\"model\":\"sim\"," + fields + "}");
  }
}
