package dev.penstock.it.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.it.compatibility.Outcome.Answered;
import dev.penstock.it.compatibility.Outcome.End;
import dev.penstock.it.compatibility.Outcome.Raised;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The providers' SDKs for JavaScript, by their names at npm; {@link NodeProcess} asks them. */
enum JavaScriptSdk implements Sdk {
  OPENAI_CHAT_RAW("openai (npm) Chat, raw", "openai-chat", "raw"),
  OPENAI_CHAT_HELPER("openai (npm) Chat, helper", "openai-chat", "helper"),
  OPENAI_RESPONSES_RAW("openai (npm) Responses, raw", "openai-responses", "raw"),
  OPENAI_RESPONSES_HELPER("openai (npm) Responses, helper", "openai-responses", "helper"),
  ANTHROPIC_RAW("@anthropic-ai/sdk, raw", "anthropic-messages", "raw"),
  ANTHROPIC_HELPER("@anthropic-ai/sdk, helper", "anthropic-messages", "helper"),
  MISTRAL("@mistralai/mistralai", "mistral-chat", "raw");

  static final Set<Sdk> RESPONSES = Set.of(OPENAI_RESPONSES_RAW, OPENAI_RESPONSES_HELPER);

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Longer than any answer takes, all of which are sent within milliseconds. */
  private static final long PATIENCE_SECONDS = 20;

  private final String title;
  private final String module;
  private final String way;

  JavaScriptSdk(String title, String module, String way) {
    this.title = title;
    this.module = module;
    this.way = way;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Outcome ask(Door door, Situation situation)
      throws ExecutionException, InterruptedException {
    try {
      return outcome(
          NodeProcess.shared()
              .ask(question(door, situation))
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      return new Outcome.Silent();
    }
  }

  private ObjectNode question(Door door, Situation situation) {
    ObjectNode question =
        JSON.createObjectNode()
            .put("sdk", module)
            .put("way", way)
            .put("baseUrl", baseUrl(door))
            .put("key", door.key())
            .put("model", door.model())
            .put("situation", situation.name());
    return question.set("subject", subject());
  }

  private String baseUrl(Door door) {
    return switch (this) {
      case OPENAI_CHAT_RAW, OPENAI_CHAT_HELPER, OPENAI_RESPONSES_RAW, OPENAI_RESPONSES_HELPER ->
          door.gateway() + "/v1";
      case ANTHROPIC_RAW, ANTHROPIC_HELPER -> door.gateway().toString();
      case MISTRAL -> door.gateway() + "/mistral";
    };
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

  private Outcome outcome(JsonNode answer) {
    if (answer.has("failed")) {
      throw new AssertionError(answer.path("failed").asText());
    }
    if (answer.has("raised")) {
      return Raised.of(answer.path("raised").asText(), answer.path("status").asInt());
    }
    return answered(answer.path("heard"));
  }

  private Answered answered(JsonNode told) {
    Heard heard = module.equals("anthropic-messages") ? Heard.lenient() : Heard.strict();
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
