package dev.penstock.providersim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.SimClient.Answered;
import dev.penstock.providersim.SimClient.Event;
import dev.penstock.providersim.invoice.BilledCall;
import dev.penstock.providersim.invoice.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One script, asked of every provider. */
class TalkStepTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String MODEL = "scripted";
  @RegisterExtension private static final RunningSim SIM = new RunningSim();

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,/error/message,/error/code",
    "/v1/responses,/error/message,/error/code",
    "/v1/messages,/error/message,",
    "/mistral/v1/chat/completions,/message,",
    "/openai/v1/chat/completions,/error/message,/error/code",
    "/vllm/v1/chat/completions,/error/message,"
  })
  void failsBeforeTheFirstByteWithItsStatus(String path, String message, String code) {
    script(
        """
        {"fail": {"status": 429, "message": "Slow down.", "code": "slow_down", "retryAfter": 7}}
        """);

    for (Answered answer : List.of(ask(path, ""), ask(path, ",\"stream\":true"))) {
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.headers().firstValue("retry-after")).contains("7");
      assertThat(answer.json().at(message).textValue()).isEqualTo("Slow down.");
      if (code != null) {
        assertThat(answer.json().at(code).textValue()).isEqualTo("slow_down");
      }
    }
    assertThat(SIM.invoice().calls()).extracting(BilledCall::outcome).containsOnly(Outcome.FAILED);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions",
    "/v1/responses",
    "/v1/messages",
    "/mistral/v1/chat/completions",
    "/openai/v1/chat/completions",
    "/vllm/v1/chat/completions"
  })
  void failsInTheStreamOnceSomethingWasSaid(String path) {
    script("{\"say\": \"It is\"}", "{\"fail\": {\"status\": 529, \"message\": \"Too much.\"}}");

    Answered streamed = ask(path, ",\"stream\":true");
    Answered whole = ask(path, "");

    assertThat(streamed.status()).isEqualTo(200);
    assertThat(streamed.body()).contains("It ", "Too much.").doesNotContain("\"stop\"");
    assertThat(whole.status()).isEqualTo(529);
    assertThat(SIM.invoice().calls())
        .extracting(BilledCall::outcome)
        .containsExactly(Outcome.BROKEN, Outcome.FAILED);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions,/error/param,temperature",
    "/v1/responses,/error/code,unsupported_parameter",
    "/v1/messages,/error/type,invalid_request_error",
    "/mistral/v1/chat/completions,/object,error"
  })
  void refusesWhatOneModelDoesNotTake(String path, String place, String word) {
    SIM.scripts()
        .put(MODEL, "{\"refuses\": [\"temperature\"], \"steps\": [{\"finish\": \"stop\"}]}");

    Answered refused = ask(path, ",\"temperature\":1");

    assertThat(ask(path, "").status()).isEqualTo(200);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at(place).textValue()).isEqualTo(word);
    assertThat(refused.body()).contains("not supported with this model");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/messages,/stop_reason,stop_sequence",
    "/v1/messages,/stop_sequence,END",
    "/vllm/v1/chat/completions,/choices/0/stop_reason,END",
    "/v1/chat/completions,/choices/0/finish_reason,stop",
    "/mistral/v1/chat/completions,/choices/0/finish_reason,stop"
  })
  void stopsAtTheTextItWasToldTo(String path, String place, String word) {
    script("{\"say\": \"a\"}", "{\"finish\": \"stop\", \"stopText\": \"END\"}");

    Answered streamed = ask(path, ",\"stream\":true");

    assertThat(ask(path, "").json().at(place).textValue()).isEqualTo(word);
    assertThat(streamed.joined(place) + streamed.joined("/delta" + place)).contains(word);
  }

  @Test
  void saysThePiecesItIsTold() {
    script("{\"say\": \"a😀b😀\", \"piece\": 2}", "{\"finish\": \"stop\"}");

    List<String> said =
        ask(CHAT, ",\"stream\":true").events().stream()
            .map(Event::data)
            .map(chunk -> chunk.at("/choices/0/delta/content"))
            .filter(JsonNode::isTextual)
            .map(JsonNode::textValue)
            .toList();

    assertThat(said).containsExactly("", "a😀", "b😀");
  }

  @Test
  void takesItsTimeBetweenPieces() {
    script("{\"say\": \"a b c d e\", \"every\": 50000}", "{\"finish\": \"stop\"}");

    long asked = System.nanoTime();
    ask(CHAT, "");

    assertThat(Duration.ofNanos(System.nanoTime() - asked))
        .isBetween(Duration.ofMillis(195), Duration.ofSeconds(5));
  }

  @Test
  void callsWithArgumentsThatAreNoJson() {
    script(
        "{\"call\": {\"name\": \"f\", \"arguments\": \"{broken\", \"id\": \"call_1\"}}",
        "{\"finish\": \"tool_calls\"}");

    JsonNode call = ask(CHAT, "").json().at("/choices/0/message/tool_calls/0");
    assertThat(call.at("/function/arguments").textValue()).isEqualTo("{broken");
    assertThat(call.path("id").textValue()).isEqualTo("call_1");
    assertThat(ask("/v1/messages", "").json().at("/content/0/input")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/responses,response.completed",
    "/v1/messages,message_stop",
    "/mistral/v1/chat/completions,[DONE]",
    "/v1/chat/completions,[DONE]"
  })
  void leavesTheLastEventOut(String path, String last) {
    script("{\"say\": \"a\"}", "{\"finish\": \"stop\", \"done\": false}");

    assertThat(ask(path, ",\"stream\":true").body()).doesNotContain(last);

    script("{\"say\": \"a\"}", "{\"finish\": \"stop\"}");

    assertThat(ask(path, ",\"stream\":true").body()).contains(last);
  }

  private static void script(String... steps) {
    SIM.scripts().put(MODEL, "{\"steps\": [" + String.join(",", steps) + "]}");
  }

  private static Answered ask(String path, String fields) {
    String prompt =
        switch (path) {
          case "/v1/responses" -> "\"input\":\"a\"";
          case "/v1/messages" ->
              "\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]";
          default -> "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]";
        };
    return SIM.post(
        path,
        "{\"model\":\"" + MODEL + "\"," + prompt + fields + "}",
        "anthropic-version",
        "2023-06-01");
  }
}
