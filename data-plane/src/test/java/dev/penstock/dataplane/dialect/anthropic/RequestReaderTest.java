package dev.penstock.dataplane.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FRAME =
      "{\"model\":\"m\",\"max_tokens\":5000,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],%s}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"top_k\":5                                                  | TOP_K            | top_k",
        "\"stop_sequences\":[\"a\"]                                   | STOP             | stop_sequences",
        "\"stop_sequences\":[\"a\",\"b\",\"c\",\"d\",\"e\"]           | STOP_ABOVE_4     | stop_sequences",
        "\"container\":\"c_1\"                                        | PROVIDER_STATE   | container",
        "\"mcp_servers\":[]                                           | HOSTED_TOOLS     | mcp_servers",
        "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"w\"}] | HOSTED_TOOLS    | tools[0].type",
        "\"tools\":[{\"name\":\"f\",\"input_schema\":{},\"cache_control\":{\"type\":\"ephemeral\"}}] | CACHE_MARK | tools[0].cache_control",
        "\"service_tier\":\"standard_only\"                           | SERVICE_TIER     | service_tier",
        "\"metadata\":{\"user_id\":\"u\"}                             | END_USER         | metadata.user_id",
        "\"metadata\":{\"team\":\"u\"}                                | UNKNOWN_FIELD    | metadata.team",
        "\"inference_geo\":\"eu\"                                     | UNKNOWN_FIELD    | inference_geo",
        "\"speed\":\"fast\"                                           | UNKNOWN_FIELD    | speed",
        "\"output_config\":{\"task_budget\":{}}                       | UNKNOWN_FIELD    | output_config.task_budget",
        "\"thinking\":{\"type\":\"between_tools\"}                    | UNKNOWN_FIELD    | thinking.type",
        "\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"} | REASONING_DISPLAY | thinking.display",
        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000},\"output_config\":{\"effort\":\"low\"} | EFFORT_BESIDE_BUDGET | thinking.budget_tokens",
        "\"thinking\":{\"type\":\"disabled\"},\"output_config\":{\"effort\":\"low\"} | EFFORT_BESIDE_BUDGET | output_config.effort"
      })
  void notesWhatNotEveryDialectHas(String given, Feature feature, String path) {
    assertThat(read(FRAME.formatted(given)).used()).containsEntry(feature, path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"temperature\":null,\"tools\":null,\"x\":null",
        "\"service_tier\":\"auto\",\"speed\":\"standard\"",
        "\"temperature\":0.5,\"stop_sequences\":[]",
        "\"output_config\":{\"effort\":\"high\"}"
      })
  void notesNothingWhereNothingCanBeLost(String given) {
    assertThat(read(FRAME.formatted(given)).used()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"temperature\":1.1                                           | temperature",
        "\"temperature\":\"1\"                                         | temperature",
        "\"top_k\":-1                                                  | top_k",
        "\"stop_sequences\":\"a\"                                      | stop_sequences",
        "\"stop_sequences\":[1]                                        | stop_sequences[0]",
        "\"system\":7                                                  | system",
        "\"system\":[{\"type\":\"image\"}]                             | system[0].type",
        "\"tools\":{}                                                  | tools",
        "\"tools\":[{\"name\":\"f\"}]                                  | tools[0].input_schema",
        "\"tools\":[{\"input_schema\":{}}]                             | tools[0].name",
        "\"tool_choice\":{\"type\":\"tool\"}                           | tool_choice.name",
        "\"tool_choice\":{\"type\":\"some\"}                           | tool_choice.type",
        "\"thinking\":{\"type\":\"enabled\"}                           | thinking.budget_tokens",
        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1023}    | thinking.budget_tokens",
        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":5000}    | thinking.budget_tokens",
        "\"thinking\":{\"type\":\"hard\"}                              | thinking.type",
        "\"output_config\":{\"effort\":\"huge\"}                       | output_config.effort",
        "\"output_config\":{\"format\":{\"type\":\"xml\"}}             | output_config.format.type",
        "\"output_config\":{\"format\":{\"type\":\"json_schema\"}}     | output_config.format.schema",
        "\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"9h\"}     | cache_control.ttl"
      })
  void namesTheFieldThatIsWrong(String given, String param) {
    assertThat(refused(FRAME.formatted(given), ApiVersion.V2023_06_01)).isEqualTo(param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/tiff\",\"data\":\"\"}}]} | messages[0].content[0].source.media_type",
        "{\"role\":\"user\",\"content\":[{\"type\":\"image\"}]}    | messages[0].content[0].source",
        "{\"role\":\"user\",\"content\":[{}]}                      | messages[0].content[0].type",
        "{\"role\":\"user\"}                                       | messages[0].content",
        "{\"role\":\"tool\",\"content\":\"x\"}                     | messages[0].role",
        "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\"}]}                                     | messages[0].content[0]",
        "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}]}                 | messages[0].content[0].input",
        "{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":\"{}\"}]}             | messages[0].content[0].input"
      })
  void namesTheBlockThatIsWrong(String message, String param) {
    String body = "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[%s]}".formatted(message);

    assertThat(refused(body, ApiVersion.V2023_06_01)).isEqualTo(param);
  }

  @ParameterizedTest
  @ValueSource(strings = {"temperature", "top_p", "top_k"})
  void theNewVersionTakesNoSamplingEvenAtItsDefault(String field) {
    String body = FRAME.formatted("\"%s\":1".formatted(field));

    assertThat(refused(body, ApiVersion.V2026_10_21)).isEqualTo(field);
    assertThat(read(body).used()).doesNotContainKey(Feature.UNKNOWN_FIELD);
  }

  @Test
  void theNewVersionTakesNoDocumentsOfAnAssistant() {
    String body =
        "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[{\"role\":\"assistant\",\"content\":[{\"type\":\"document\"}]}]}";

    assertThat(refused(body, ApiVersion.V2026_10_21)).isEqualTo("messages[0].content[0].type");
    assertThat(read(body).used()).containsKey(Feature.UNKNOWN_FIELD);
  }

  @Test
  void aCountNeedsNoLimit() throws JsonProcessingException {
    String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    assertThat(refused(body, ApiVersion.V2026_10_21)).isEqualTo("max_tokens");
    assertThat(
            new MessagesCodec(ApiVersion.V2026_10_21)
                .countRequests()
                .decode(JSON.readTree(body))
                .maxOutputTokens())
        .isEmpty();
  }

  @Test
  void takesResultsOutOfTheUsersTurn() {
    ModelRequest request =
        read(
            """
            {"model":"m","max_tokens":5,"messages":[
              {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"a":1.50}}]},
              {"role":"user","content":[{"type":"text","text":"so"},
                {"type":"tool_result","tool_use_id":"t","content":"4","is_error":true,"cache_control":{"type":"ephemeral"}}]}]}
            """);

    assertThat(request.turns().get(0))
        .isEqualTo(
            new Turn.Assistant(
                List.of(
                    new Part.ToolCall("t", "f", "{\"a\":1.5}", "messages[0].content[0].input"))));
    assertThat(request.turns().get(1))
        .isEqualTo(
            new Turn.ToolResult(
                "t",
                List.of(new Part.Text("4", Optional.of(new ModelRequest.CacheMark(300)))),
                true,
                "messages[1].content[1]"));
    assertThat(request.turns().get(2))
        .isEqualTo(new Turn.User(List.of(new Part.Text("so", Optional.empty()))));
  }

  @Test
  void knowsWhoseThoughtsComeBack() {
    ModelRequest request =
        read(
            """
            {"model":"m","max_tokens":5,"messages":[{"role":"assistant","content":[
              {"type":"thinking","thinking":"a","signature":"Eq=="},
              {"type":"thinking","thinking":"b","signature":"penstock:mistral-chat:signature:s"},
              {"type":"redacted_thinking","data":"penstock:openai-responses:encrypted:gA"}]},
              {"role":"user","content":"go on"}]}
            """);

    assertThat(request.turns().getFirst())
        .isEqualTo(
            new Turn.Assistant(
                List.of(
                    new Part.Thought("a", "Eq==", Dialect.ANTHROPIC_MESSAGES),
                    new Part.Thought("b", "s", Dialect.MISTRAL_CHAT),
                    new Part.EncryptedThought("gA", "", Dialect.OPENAI_RESPONSES))));
    assertThat(request.used()).containsOnlyKeys(Feature.REASONING_HISTORY);
  }

  @Test
  void anEffortSaysHowMuchUnlessThinkingIsOff() {
    assertThat(read(FRAME.formatted("\"output_config\":{\"effort\":\"max\"}")).reasoning())
        .isEqualTo(new Reasoning.Effort(Reasoning.Level.MAX));
    assertThat(
            read(FRAME.formatted(
                    "\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"low\"}"))
                .reasoning())
        .isEqualTo(new Reasoning.Effort(Reasoning.Level.LOW));
    assertThat(
            read(FRAME.formatted(
                    "\"thinking\":{\"type\":\"disabled\"},\"output_config\":{\"effort\":\"low\"}"))
                .reasoning())
        .isEqualTo(new Reasoning.Off());
  }

  @Test
  void refusesMoreMessagesThanTheApiTakes() {
    ObjectNode body = JSON.createObjectNode().put("model", "m").put("max_tokens", 5);
    ArrayNode messages = body.putArray("messages");
    for (int i = 0; i <= TurnReader.MAX_MESSAGES; i++) {
      messages.addObject().put("role", "user").put("content", "x");
    }

    assertThat(refused(body, ApiVersion.V2023_06_01)).isEqualTo("messages");
    messages.remove(0);
    assertThat(decode(body, ApiVersion.V2023_06_01).turns()).hasSize(TurnReader.MAX_MESSAGES);
  }

  /** Whatever stands anywhere in a request, it is read or refused by name. */
  @Property(tries = 2000)
  void noValueAnywhereBreaksTheReader(
      @ForAll @IntRange(max = 200) int place, @ForAll @IntRange(max = 7) int value)
      throws JsonProcessingException {
    JsonNode body =
        JSON.readTree(
            """
            {"model":"m","max_tokens":5000,"stream":true,"temperature":1,"system":[{"type":"text","text":"s"}],
             "tools":[{"type":"custom","name":"f","description":"d","input_schema":{"type":"object"},"strict":true}],
             "tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},
             "thinking":{"type":"enabled","budget_tokens":2000,"display":"omitted"},
             "output_config":{"effort":"low","format":{"type":"json_schema","schema":{}}},
             "metadata":{"user_id":"u"},"stop_sequences":["a"],"cache_control":{"type":"ephemeral","ttl":"1h"},
             "messages":[{"role":"user","content":[
               {"type":"image","source":{"type":"base64","media_type":"image/png","data":"i"}},
               {"type":"document","title":"t","source":{"type":"text","media_type":"text/plain","data":"d"}}]},
              {"role":"assistant","content":[{"type":"thinking","thinking":"k","signature":"s"},
               {"type":"redacted_thinking","data":"r"},
               {"type":"tool_use","id":"t","name":"f","input":{},"caller":{"type":"direct"}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","is_error":false,"content":[{"type":"text","text":"x"}]}]}]}
            """);
    replace(body, new int[] {place}, VALUES.get(value));
    try {
      ModelRequest request = decode(body, ApiVersion.V2023_06_01);
      new RequestWriter().encode(request, RequestWriterTest.target());
    } catch (RefusedException refused) {
      assertThat(refused.refusal().param()).isPresent();
    }
  }

  private static final List<JsonNode> VALUES =
      List.of(
          JSON.nullNode(),
          JSON.getNodeFactory().numberNode(-7),
          JSON.getNodeFactory().numberNode(1.5),
          JSON.getNodeFactory().textNode(""),
          JSON.getNodeFactory().textNode("\ud83d"),
          JSON.getNodeFactory().booleanNode(true),
          JSON.createArrayNode().add(JSON.nullNode()),
          JSON.createObjectNode().put("type", "later_kind"));

  /** Puts a value in the place of the {@code left[0]}-th one, in the order of the text. */
  private static void replace(JsonNode within, int[] left, JsonNode value) {
    if (within instanceof ObjectNode object) {
      for (String name : List.copyOf(iterable(object))) {
        if (left[0]-- == 0) {
          object.set(name, value);
          return;
        }
        replace(object.get(name), left, value);
      }
    } else if (within instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        if (left[0]-- == 0) {
          array.set(i, value);
          return;
        }
        replace(array.get(i), left, value);
      }
    }
  }

  private static List<String> iterable(ObjectNode object) {
    return object.properties().stream().map(java.util.Map.Entry::getKey).toList();
  }

  private static ModelRequest read(String body) {
    return decode(tree(body), ApiVersion.V2023_06_01);
  }

  private static JsonNode tree(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException malformed) {
      throw new AssertionError(malformed);
    }
  }

  private static ModelRequest decode(JsonNode body, ApiVersion version) {
    return new MessagesCodec(version).requests().decode(body);
  }

  private static String refused(String body, ApiVersion version) {
    return refused(tree(body), version);
  }

  private static String refused(JsonNode body, ApiVersion version) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> decode(body, version));

    assertThat(refused.refusal().code()).isEqualTo(Code.INVALID_REQUEST);
    return refused.refusal().param().orElse("");
  }
}
