package dev.penstock.dataplane.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.dataplane.dialect.TextVisitor;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.kernel.guard.Redaction;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesRequestTest {

  private static final String MESSAGES =
      "\"messages\":[{\"role\":\"user\",\"content\":\"hé \\\"x\\\"\"}]";

  @Test
  void changesNothingButTheModel() {
    String body =
        "{ \"max_tokens\": 7, \"model\" : \"assistant\", %s, \"stream\":true, \"x_unknown\": 1.0e2 }"
            .formatted(MESSAGES);
    MessagesRequest request = read(body);

    assertThat(request.model()).isEqualTo("assistant");
    assertThat(request.stream()).isTrue();
    assertThat(request.maxTokens()).isEqualTo(7);
    assertThat(request.forProvider("up\"stream"))
        .hasToString(body.replace("\"assistant\"", "\"up\\\"stream\""));
  }

  @Test
  void takesALimitOfZeroWhichWarmsTheCache() {
    assertThat(read("{\"model\":\"m\",\"max_tokens\":0,%s}".formatted(MESSAGES)).maxTokens())
        .isZero();
  }

  @Test
  void aRequestToCountHasNoLimitAndNoStream() {
    String body = "{\"model\":\"m\",%s%s}";

    assertThat(MessagesRequest.readCount(Buffer.buffer(body.formatted(MESSAGES, ""))).maxTokens())
        .isZero();
    assertThat(
            refused(() ->
                MessagesRequest.readCount(
                    Buffer.buffer(body.formatted(MESSAGES, ",\"stream\":true")))))
        .isEqualTo("stream");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"max_tokens\":1,\"messages\":[{\"role\":\"user\"}]}                       | model",
        "{\"model\":\"m\",\"max_tokens\":1}                                          | messages",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}                        | max_tokens",
        "{\"model\":\"m\",\"max_tokens\":null,\"messages\":[{\"role\":\"user\"}]}    | max_tokens",
        "{\"model\":\"m\",\"max_tokens\":-1,\"messages\":[{\"role\":\"user\"}]}      | max_tokens",
        "{\"model\":\"m\",\"max_tokens\":1e3,\"messages\":[{\"role\":\"user\"}]}     | max_tokens",
        "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\"},{}]}    | messages[1].role",
        "{\"model\":7,\"max_tokens\":1,\"messages\":[{\"role\":\"user\"}]}           | model",
        "{\"model\":\"m\",\"max_tokens\":1,\"messages\":[{\"role\":\"user\"}],\"stream\":1} | stream"
      })
  void namesTheFieldThatIsWrong(String body, String param) {
    assertThat(refused(() -> read(body))).isEqualTo(param);
  }

  private static String refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable read) {
    RefusedException refused = catchThrowableOfType(RefusedException.class, read);

    assertThat(refused.refusal().code()).isEqualTo(Code.INVALID_REQUEST);
    return refused.refusal().param().orElse("");
  }

  @Test
  void showsAGuardWhatAModelSeesAndNoIdsOrData() {
    Seen seen = new Seen();
    read("""
    {"model":"m-name","max_tokens":1,
     "system":[{"type":"text","text":"S1"}],
     "tools":[{"name":"T1","description":"T2","input_schema":{"properties":{"P1":{}}}}],
     "messages":[
      {"role":"user","content":[
        {"type":"text","text":"U1"},
        {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgoAAAA="}},
        {"type":"document","title":"D1","source":{"type":"text","media_type":"text/plain","data":"4111111111111111"}}]},
      {"role":"assistant","content":[
        {"type":"thinking","thinking":"K1","signature":"sig-secret"},
        {"type":"redacted_thinking","data":"hidden"},
        {"type":"tool_use","id":"toolu_1","name":"T1","input":{"q":"A1","nested":[{"id":"A2"}]}}]},
      {"role":"user","content":[
        {"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"R1"},
          {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"/9j/4AAQ"}}]}]}]}
    """)
        .visit(seen);

    assertThat(seen.texts.values())
        .contains("S1", "T1", "T2", "P1", "U1", "D1", "4111111111111111", "K1", "A1", "A2", "R1")
        .doesNotContain(
            "m-name", "toolu_1", "sig-secret", "hidden", "iVBORw0KGgoAAAA=", "/9j/4AAQ");
    assertThat(seen.opaque)
        .containsExactly(
            "messages[0].content[1].source",
            "messages[0].content[2].source",
            "messages[1].content[1].data",
            "messages[2].content[0].content[1].source");
  }

  @Test
  void redactsOneTextAndNothingElse() {
    String body =
        "{\"model\":\"m\",\"max_tokens\":1,\"system\":\"call \\u00e9 0151 now\",%s}"
            .formatted(MESSAGES);
    MessagesRequest request = read(body);
    Seen seen = new Seen();
    request.visit(seen);
    int start =
        seen.texts.entrySet().stream()
            .filter(text -> text.getValue().contains("0151"))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow();

    request.redact(start, List.of(new Redaction(7, 11, "[phone]")));

    assertThat(request.forProvider("m")).hasToString(body.replace("0151", "[phone]"));
    assertThat(request.bytes()).isEqualTo(Buffer.buffer(body).length() + 3);
  }

  @Test
  void tellsNoPromptInItsDescription() {
    assertThat(read("{\"model\":\"m\",\"max_tokens\":1,%s}".formatted(MESSAGES)).toString())
        .doesNotContain("hé");
  }

  private static MessagesRequest read(String body) {
    return MessagesRequest.read(Buffer.buffer(body));
  }

  private static final class Seen implements TextVisitor {
    final Map<Integer, String> texts = new TreeMap<>();
    final List<String> opaque = new ArrayList<>();

    @Override
    public void text(Place place, String text) {
      texts.put(place.start(), text);
    }

    @Override
    public void opaque(Place place) {
      opaque.add(place.path());
    }
  }
}
