package dev.penstock.it.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.it.compatibility.Outcome.Answered;
import dev.penstock.it.compatibility.Outcome.End;
import dev.penstock.it.compatibility.Outcome.Raised;
import dev.penstock.it.kit.Patience;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The providers' SDKs for JavaScript, by their names at npm; {@link NodeProcess} asks them. */
enum JavaScriptSdk implements Sdk {
  OPENAI_CHAT_RAW("openai (npm) Chat, raw", Dialect.OPENAI_CHAT, Way.RAW),
  OPENAI_CHAT_HELPER("openai (npm) Chat, helper", Dialect.OPENAI_CHAT, Way.HELPER),
  OPENAI_CHAT_WHOLE("openai (npm) Chat, whole", Dialect.OPENAI_CHAT, Way.WHOLE),
  OPENAI_CHAT_SOCKET("WebSocket (ws) Chat", Dialect.OPENAI_CHAT, Way.SOCKET),
  OPENAI_RESPONSES_RAW("openai (npm) Responses, raw", Dialect.OPENAI_RESPONSES, Way.RAW),
  OPENAI_RESPONSES_HELPER("openai (npm) Responses, helper", Dialect.OPENAI_RESPONSES, Way.HELPER),
  OPENAI_RESPONSES_WHOLE("openai (npm) Responses, whole", Dialect.OPENAI_RESPONSES, Way.WHOLE),
  OPENAI_RESPONSES_SOCKET(
      "openai (npm) Responses, WebSocket", Dialect.OPENAI_RESPONSES, Way.SOCKET),
  ANTHROPIC_RAW("@anthropic-ai/sdk, raw", Dialect.ANTHROPIC_MESSAGES, Way.RAW),
  ANTHROPIC_HELPER("@anthropic-ai/sdk, helper", Dialect.ANTHROPIC_MESSAGES, Way.HELPER),
  ANTHROPIC_WHOLE("@anthropic-ai/sdk, whole", Dialect.ANTHROPIC_MESSAGES, Way.WHOLE),
  MISTRAL("@mistralai/mistralai", Dialect.MISTRAL_CHAT, Way.RAW),
  MISTRAL_WHOLE("@mistralai/mistralai, whole", Dialect.MISTRAL_CHAT, Way.WHOLE);

  /** A file beside {@code answers.js}: one dialect in one SDK's words. */
  enum Dialect {
    OPENAI_CHAT("openai-chat", "/v1", "logit_bias"),
    OPENAI_RESPONSES("openai-responses", "/v1", "truncation"),
    ANTHROPIC_MESSAGES("anthropic-messages", "", "tools[0]"),
    MISTRAL_CHAT("mistral-chat", "/mistral", "safe_prompt");

    private final String file;
    private final String path;
    private final String uncarried;

    Dialect(String file, String path, String uncarried) {
      this.file = file;
      this.path = path;
      this.uncarried = uncarried;
    }
  }

  /** What an application does with that SDK to get an answer. */
  enum Way {
    /** Takes a stream event by event. */
    RAW,
    /** Has a stream put together. */
    HELPER,
    /** Asks for no stream. */
    WHOLE,
    /** Takes events as frames of a WebSocket. */
    SOCKET
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String title;
  private final Dialect dialect;
  private final Way way;

  JavaScriptSdk(String title, Dialect dialect, Way way) {
    this.title = title;
    this.dialect = dialect;
    this.way = way;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public String uncarried() {
    return dialect.uncarried;
  }

  Dialect dialect() {
    return dialect;
  }

  Way way() {
    return way;
  }

  @Override
  public Outcome ask(Door door, Situation situation)
      throws ExecutionException, InterruptedException {
    try {
      return outcome(
          NodeProcess.shared()
              .ask(question(door, situation))
              .get(Patience.FOR_AN_ANSWER.toSeconds(), TimeUnit.SECONDS),
          situation);
    } catch (TimeoutException e) {
      return new Outcome.Silent();
    }
  }

  private ObjectNode question(Door door, Situation situation) {
    ObjectNode question =
        JSON.createObjectNode()
            .put("sdk", dialect.file)
            .put("way", way.name().toLowerCase(Locale.ROOT))
            .put("baseUrl", door.gateway() + dialect.path)
            .put("key", door.key())
            .put("model", door.model())
            .put("situation", situation.name());
    return question.set("subject", subject());
  }

  private static ObjectNode subject() {
    ObjectNode subject =
        JSON.createObjectNode()
            .put("question", Subject.QUESTION)
            .put("pixel", Subject.PIXEL)
            .put("maxTokens", Subject.MAX_TOKENS);
    subject.set("city", JSON.valueToTree(Subject.CITY));
    subject.set("nothing", JSON.valueToTree(Subject.NOTHING));
    subject.set("report", JSON.valueToTree(Subject.REPORT));
    return subject;
  }

  private Outcome outcome(JsonNode answer, Situation situation) {
    if (answer.has("failed")) {
      throw new AssertionError(answer.path("failed").asText());
    }
    if (answer.has("raised")) {
      Raised raised = Raised.of(answer.path("raised").asText(), answer.path("status").asInt());
      return situation == Situation.UNCARRIED
          ? raised.naming(uncarried(), answer.path("message").asText())
          : raised;
    }
    return answered(answer.path("heard"));
  }

  private Answered answered(JsonNode told) {
    Heard heard = dialect == Dialect.ANTHROPIC_MESSAGES ? Heard.lenient() : Heard.strict();
    heard.text(told.path("text").asText());
    heard.thought(told.path("thoughts").asText());
    for (JsonNode call : told.path("calls")) {
      heard.call(call.path("index").asLong(), call.path("name").asText());
      heard.arguments(call.path("index").asLong(), call.path("arguments").asText());
    }
    told.path("ends").forEach(end -> heard.end(End.valueOf(end.asText())));
    return heard.answered();
  }
}
