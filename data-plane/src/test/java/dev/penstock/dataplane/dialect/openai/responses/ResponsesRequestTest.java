package dev.penstock.dataplane.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.dataplane.dialect.TextVisitor;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.kernel.guard.Redaction;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponsesRequestTest {

  @Test
  void readsWhatTheGatewayHasToKnow() {
    ResponsesRequest request =
        read("{\"model\":\"m\",\"input\":[{}],\"stream\":true,\"max_output_tokens\":7}");

    assertThat(request.model()).isEqualTo("m");
    assertThat(request.stream()).isTrue();
    assertThat(request.maxTokens()).isEqualTo(7);
    assertThat(request.choices()).isEqualTo(1);
    assertThat(request.usageAsked()).isTrue();
    assertThat(request).hasToString("ResponsesRequest[m, 62 bytes]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"m\",\"input\":\"hi\"}",
        "{\"model\":\"m\",\"input\":null,\"previous_response_id\":\"resp_1\",\"stream\":null}",
        "{\"model\":\"m\",\"prompt\":{\"id\":\"p\"},\"background\":false}",
        "{\"model\":\"m\",\"conversation\":\"c\",\"max_output_tokens\":null}"
      })
  void takesInputFromWhereverItMayStand(String body) {
    ResponsesRequest request = read(body);

    assertThat(request.maxTokens()).isNegative();
    assertThat(request.stream()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"input\":\"hi\"}                                       | model",
        "{\"model\":\"m\"}                                        | input",
        "{\"model\":\"m\",\"input\":7}                            | input",
        "{\"model\":\"m\",\"input\":[{},\"hi\"]}                  | input[1]",
        "{\"model\":\"m\",\"input\":\"hi\",\"stream\":\"yes\"}    | stream",
        "{\"model\":\"m\",\"input\":\"hi\",\"max_output_tokens\":0} | max_output_tokens"
      })
  void namesTheFieldThatIsWrong(String body, String param) {
    RefusedException refused = catchThrowableOfType(RefusedException.class, () -> read(body));

    assertThat(refused.refusal().code()).isEqualTo(Code.INVALID_REQUEST);
    assertThat(refused.refusal().param()).contains(param);
  }

  @Test
  void refusesAnAnswerThatWouldBeFetchedPastTheGateway() {
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class,
            () -> read("{\"model\":\"m\",\"input\":\"hi\",\"background\":true}"));

    assertThat(refused.refusal().code()).isEqualTo(Code.UNSUPPORTED_FIELD);
    assertThat(refused.refusal().param()).contains("background");
  }

  @Test
  void changesNothingButTheModel() {
    String body =
        "{ \"input\" : \"\\u00fc\\n\", \"new\":{\"model\":\"x\"},\n\"model\" : \"m\" ,\"stream\":true}";

    assertThat(read(body).forProvider("up\"stream"))
        .hasToString(body.replace("\"m\"", "\"up\\\"stream\""));
  }

  @Test
  void showsAllTextAndTellsOfWhatIsNone() {
    List<String> texts = new ArrayList<>();
    List<String> opaque = new ArrayList<>();
    read("""
    {"model":"m","previous_response_id":"resp_1","instructions":"t1",
     "input":[
       {"role":"user","content":[
         {"type":"input_text","text":"t2"},
         {"type":"input_image","image_url":"data:image/png;base64,AAAA"},
         {"type":"input_image","image_url":"https://t3.example"},
         {"type":"input_file","filename":"t4","file_data":"data:application/pdf;base64,AA"},
         {"type":"input_file","file_id":"file-1"},
         {"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]},
       {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"t5"}],
        "encrypted_content":"secret"},
       {"type":"function_call","id":"fc_1","call_id":"call_1","name":"t6",
        "arguments":"{\\"a\\":\\"t7\\"}"},
       {"type":"function_call_output","call_id":"call_1","output":"t8"}],
     "tools":[{"type":"function","name":"t9","parameters":{"t10":{"model":"t11"}}}],
     "custom":{"id":"t12"}}
    """)
        .visit(
            new TextVisitor() {
              @Override
              public void text(Place place, String text) {
                texts.add(text);
              }

              @Override
              public void opaque(Place place) {
                opaque.add(place.path());
              }
            });

    assertThat(texts)
        .contains("t1", "t2", "https://t3.example", "t4", "t5", "t6", "{\"a\":\"t7\"}")
        .contains("t8", "t9", "t10", "t11", "t12")
        .doesNotContain("m", "resp_1", "rs_1", "fc_1", "call_1", "file-1", "secret", "AAAA");
    assertThat(opaque)
        .containsExactly(
            "input[0].content[1].image_url",
            "input[0].content[2].image_url",
            "input[0].content[3].file_data",
            "input[0].content[4].file_id",
            "input[0].content[5].input_audio",
            "input[1].encrypted_content");
  }

  @Test
  void redactsWhereATextStands() {
    ResponsesRequest request = read("{\"model\":\"m\",\"input\":\"my \\u0073ecret\"}");
    int[] start = {0};
    request.visit(
        new TextVisitor() {
          @Override
          public void text(Place place, String text) {
            if (text.equals("my secret")) {
              start[0] = place.start();
            }
          }

          @Override
          public void opaque(Place place) {}
        });

    request.redact(start[0], List.of(new Redaction(3, 9, "[X]")));

    assertThat(request.forProvider("m")).hasToString("{\"model\":\"m\",\"input\":\"my [X]\"}");
    assertThat(request.bytes()).isEqualTo(request.forProvider("m").length());
  }

  private static ResponsesRequest read(String body) {
    return ResponsesRequest.read(Buffer.buffer(body));
  }
}
