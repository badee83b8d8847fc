package dev.penstock.dataplane.dialect.openai.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.dataplane.dialect.TextVisitor;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"text\"",
        "[\"text\",\"more\"]",
        "[1,2,3]",
        "[[1,2],[3]]",
        "\"\\u00fc\", \"encoding_format\" : \"base64\""
      })
  void changesNothingButTheModel(String input) {
    String body = "{\"input\":%s,\"model\":\"m\"}".formatted(input);
    EmbeddingsRequest request = EmbeddingsRequest.read(Buffer.buffer(body));

    assertThat(request.model()).isEqualTo("m");
    assertThat(request.stream()).isFalse();
    assertThat(request.maxTokens()).isZero();
    assertThat(request.forProvider("up"))
        .hasToString(body.replace("\"model\":\"m\"", "\"model\":\"up\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"input\":\"x\"}                     | model",
        "{\"model\":\"m\"}                     | input",
        "{\"model\":\"m\",\"input\":null}      | input",
        "{\"model\":\"m\",\"input\":[]}        | input",
        "{\"model\":\"m\",\"input\":[{}]}      | input",
        "{\"model\":\"m\",\"input\":[\"a\",[\"b\"]]} | input[1]"
      })
  void namesTheFieldThatIsWrong(String body, String param) {
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class, () -> EmbeddingsRequest.read(Buffer.buffer(body)));

    assertThat(refused.refusal().code()).isEqualTo(Code.INVALID_REQUEST);
    assertThat(refused.refusal().param()).contains(param);
  }

  @Test
  void takes2048InputsAtMostAndLongerTextsAsTokens() {
    String most = "\"a\"" + ",\"a\"".repeat(2_047);
    String tokens = "1" + ",1".repeat(5_000);

    assertThat(read(most).bytes()).isPositive();
    assertThat(read(tokens).bytes()).isPositive();
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> read(most + ",\"a\""));
    assertThat(refused.refusal().param()).contains("input");
  }

  private static EmbeddingsRequest read(String inputs) {
    return EmbeddingsRequest.read(Buffer.buffer("{\"model\":\"m\",\"input\":[" + inputs + "]}"));
  }

  @Test
  void showsTextsAndTellsOfTokensThatNobodyCanSearch() {
    assertThat(seen("[\"a\",\"b\"]")).containsExactly("a", "b", "end-user");
    assertThat(seen("[1,2]")).containsExactly("end-user", "opaque at input");
    assertThat(seen("[[1],[2]]")).containsExactly("end-user", "opaque at input");
  }

  private static List<String> seen(String input) {
    List<String> seen = new ArrayList<>();
    EmbeddingsRequest.read(
            Buffer.buffer("{\"model\":\"m\",\"input\":%s,\"user\":\"end-user\"}".formatted(input)))
        .visit(
            new TextVisitor() {
              @Override
              public void text(Place place, String text) {
                seen.add(text);
              }

              @Override
              public void opaque(Place place) {
                seen.add("opaque at " + place.path());
              }
            });
    return seen;
  }

  @Test
  void readsUsageWithoutOutput() {
    byte[] body =
        "{\"object\":\"list\",\"data\":[{\"usage\":{},\"embedding\":\"AAAA\"}],\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}"
            .getBytes(StandardCharsets.UTF_8);
    EmbeddingsScan scan = new EmbeddingsScan();

    scan.scanWhole(body, 0, body.length);

    assertThat(scan.wellFormed()).isTrue();
    assertThat(scan.error()).isFalse();
    assertThat(scan.tokens(body, null)).contains(Tokens.of(8, 0));
  }

  @Test
  void seesAnErrorAndTakesNoStream() {
    byte[] body = "{\"error\":{\"message\":\"no\"}}".getBytes(StandardCharsets.UTF_8);
    EmbeddingsScan scan = new EmbeddingsScan();

    scan.scanWhole(body, 0, body.length);
    assertThat(scan.error()).isTrue();
    assertThat(scan.usage()).isFalse();

    scan.scan(body, 0, body.length);
    assertThat(scan.wellFormed()).isFalse();
  }
}
