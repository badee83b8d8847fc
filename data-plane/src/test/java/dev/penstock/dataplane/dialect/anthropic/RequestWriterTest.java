package dev.penstock.dataplane.dialect.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.OutputFormat;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning.Level;
import dev.penstock.dataplane.dialect.ModelRequest.Sampling;
import dev.penstock.dataplane.dialect.ModelRequest.Tool;
import dev.penstock.dataplane.dialect.ModelRequest.ToolChoice;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.dialect.Target;
import dev.penstock.dataplane.dialect.Target.Trait;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestWriterTest {

  private static final ToolChoice FREE = new ToolChoice.Unstated();

  static Target target(Trait... traits) {
    return new Target(
        Dialect.ANTHROPIC_MESSAGES, "upstream", OptionalLong.of(64_000), Set.of(traits));
  }

  @Test
  void takesTheLimitOfTheCatalogueWhereTheClientStatesNone() {
    assertThat(written(ask(new Reasoning.Unstated(), FREE), target()).getLong("max_tokens"))
        .isEqualTo(64_000);

    Target unknown =
        new Target(Dialect.ANTHROPIC_MESSAGES, "upstream", OptionalLong.empty(), Set.of());
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class, () -> written(ask(new Reasoning.Unstated(), FREE), unknown));
    assertThat(refused.refusal().param()).contains("max_tokens");
  }

  @ParameterizedTest
  @CsvSource({"MINIMAL,low,1024", "MEDIUM,medium,8192", "HIGH,high,24576", "MAX,max,32768"})
  void tellsAnEffortAsAWordOrAsABudget(Level level, String word, int budget) {
    ModelRequest request = ask(new Reasoning.Effort(level), FREE);

    JsonObject newer = written(request, target());
    assertThat(newer.getJsonObject("thinking")).isEqualTo(new JsonObject().put("type", "adaptive"));
    assertThat(newer.getJsonObject("output_config").getString("effort")).isEqualTo(word);

    JsonObject older = written(request, target(Trait.THINKS_BY_BUDGET));
    assertThat(older.getJsonObject("thinking"))
        .isEqualTo(new JsonObject().put("type", "enabled").put("budget_tokens", budget));
    assertThat(older.getJsonObject("output_config")).isNull();
  }

  @Test
  void keepsABudgetBelowTheLimitThatTheClientPaysFor() {
    ModelRequest request =
        ask(new Reasoning.Effort(Level.MAX), FREE, OptionalLong.of(4_000), question());
    assertThat(
            written(request, target(Trait.THINKS_BY_BUDGET))
                .getJsonObject("thinking")
                .getInteger("budget_tokens"))
        .isEqualTo(3_000);

    ModelRequest small =
        ask(new Reasoning.Effort(Level.MAX), FREE, OptionalLong.of(1_200), question());
    assertThat(written(small, target(Trait.THINKS_BY_BUDGET)).getJsonObject("thinking")).isNull();
  }

  @Test
  void asksForNoThoughtsWhereAToolMustBeCalled() {
    ModelRequest request = ask(new Reasoning.Effort(Level.HIGH), new ToolChoice.Any());

    assertThat(written(request, target()).getJsonObject("thinking")).isNull();
    assertThat(written(request, target(Trait.THINKS_BY_BUDGET)).getJsonObject("thinking")).isNull();
  }

  @Test
  void asksForNoBudgetedThoughtsInALoopWhoseThoughtsAreGone() {
    Reasoning high = new Reasoning.Effort(Level.HIGH);
    Part call = new Part.ToolCall("t", "f", "{}", "p");
    Part own = new Part.Thought("k", "Eq==", Dialect.ANTHROPIC_MESSAGES);
    Part foreign = new Part.Thought("k", "s", Dialect.MISTRAL_CHAT);
    Turn result = new Turn.ToolResult("t", List.of(text("4")), false, "p");

    JsonObject with =
        written(
            ask(high, FREE, OptionalLong.empty(), List.of(assistant(own, call), result)),
            target(Trait.THINKS_BY_BUDGET));
    JsonObject without =
        written(
            ask(high, FREE, OptionalLong.empty(), List.of(assistant(foreign, call), result)),
            target(Trait.THINKS_BY_BUDGET));

    assertThat(with.getJsonObject("thinking").getString("type")).isEqualTo("enabled");
    assertThat(with.getJsonArray("messages").getJsonObject(0).getJsonArray("content").size())
        .isEqualTo(2);
    assertThat(without.getJsonObject("thinking")).isNull();
    assertThat(without.toString()).doesNotContain("\"thinking\"");
  }

  @Test
  void putsTheSystemFirstResultsBeforeWhatElseIsSaidAndEachSideIntoOneMessage() {
    JsonObject body =
        written(
            ask(
                new Reasoning.Unstated(),
                FREE,
                OptionalLong.empty(),
                List.of(
                    new Turn.System(List.of(text("one"))),
                    new Turn.User(List.of(text("a"))),
                    new Turn.User(List.of(text(""), text("b"))),
                    assistant(new Part.ToolCall("call 1", "f", " ", "p"), text("")),
                    new Turn.System(List.of(text("two"))),
                    new Turn.ToolResult("call 1", List.of(), false, "p"),
                    new Turn.User(List.of(text("c"))),
                    new Turn.Assistant(List.of()))),
            target());

    assertThat(body.getJsonArray("system"))
        .isEqualTo(new JsonArray().add(block("one")).add(block("two")));
    JsonArray messages = body.getJsonArray("messages");
    assertThat(messages).hasSize(3);
    assertThat(messages.getJsonObject(0).getJsonArray("content"))
        .isEqualTo(new JsonArray().add(block("a")).add(block("b")));
    JsonObject call = messages.getJsonObject(1).getJsonArray("content").getJsonObject(0);
    JsonArray last = messages.getJsonObject(2).getJsonArray("content");
    assertThat(call.getString("id")).matches("toolu_[A-Za-z0-9]{24}");
    assertThat(call.getJsonObject("input")).isEqualTo(new JsonObject());
    assertThat(last.getJsonObject(0).getString("tool_use_id")).isEqualTo(call.getString("id"));
    assertThat(last.getJsonObject(1)).isEqualTo(block("c"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "7", "{} {}", "{\"a\":}", "null"})
  void refusesArgumentsThatAreNoObject(String arguments) {
    ModelRequest request =
        ask(
            new Reasoning.Unstated(),
            FREE,
            OptionalLong.empty(),
            List.of(
                assistant(new Part.ToolCall("t", "f", arguments, "messages[0].tool_calls[0]")),
                new Turn.ToolResult("t", List.of(), false, "messages[1]")));

    assertThat(refused(request)).isEqualTo("messages[0].tool_calls[0]");
  }

  @Test
  void refusesWhatTheProviderWouldRefuseWithoutNamingIt() {
    Turn call = assistant(new Part.ToolCall("t", "f", "{}", "messages[0]"));
    Turn result = new Turn.ToolResult("other", List.of(), false, "messages[1]");
    Turn next = new Turn.User(List.of(text("x")));

    assertThat(refused(conversation(call, next))).isEqualTo("messages[0]");
    assertThat(refused(conversation(call))).isEqualTo("messages[0]");
    assertThat(refused(conversation(call, result))).isEqualTo("messages[1]");
    assertThat(refused(conversation(user(new Part.ImageUrl("ftp://x", Optional.empty(), "p1")))))
        .isEqualTo("p1");
    assertThat(
            refused(
                conversation(user(new Part.ImageData("image/bmp", "", Optional.empty(), "p2")))))
        .isEqualTo("p2");
    assertThat(
            refused(
                conversation(
                    user(new Part.Document("text/csv", "", false, "n", Optional.empty(), "p3")))))
        .isEqualTo("p3");
  }

  @Test
  void writesEachKindOfToolChoice() {
    assertThat(choice(FREE, Optional.empty())).isNull();
    assertThat(choice(FREE, Optional.of(true))).isNull();
    assertThat(choice(FREE, Optional.of(false)))
        .isEqualTo(new JsonObject().put("type", "auto").put("disable_parallel_tool_use", true));
    assertThat(choice(new ToolChoice.None(), Optional.of(false)))
        .isEqualTo(new JsonObject().put("type", "none"));
    assertThat(choice(new ToolChoice.Named("f"), Optional.of(false)))
        .isEqualTo(
            new JsonObject()
                .put("type", "tool")
                .put("name", "f")
                .put("disable_parallel_tool_use", true));
  }

  private static JsonObject choice(ToolChoice choice, Optional<Boolean> parallel) {
    return written(
            request(new Reasoning.Unstated(), choice, OptionalLong.empty(), question(), parallel),
            target())
        .getJsonObject("tool_choice");
  }

  private static String refused(ModelRequest request) {
    RefusedException refused =
        catchThrowableOfType(RefusedException.class, () -> written(request, target()));

    assertThat(refused.refusal().code()).isIn(Code.UNSUPPORTED_FIELD, Code.INVALID_REQUEST);
    return refused.refusal().param().orElse("");
  }

  private static JsonObject written(ModelRequest request, Target target) {
    return new RequestWriter().encode(request, target).toJsonObject();
  }

  private static ModelRequest conversation(Turn... turns) {
    return ask(new Reasoning.Unstated(), FREE, OptionalLong.empty(), List.of(turns));
  }

  private static ModelRequest ask(Reasoning reasoning, ToolChoice choice) {
    return ask(reasoning, choice, OptionalLong.empty(), question());
  }

  private static ModelRequest ask(
      Reasoning reasoning, ToolChoice choice, OptionalLong maxTokens, List<Turn> turns) {
    return request(reasoning, choice, maxTokens, turns, Optional.empty());
  }

  private static ModelRequest request(
      Reasoning reasoning,
      ToolChoice choice,
      OptionalLong maxTokens,
      List<Turn> turns,
      Optional<Boolean> parallel) {
    return new ModelRequest(
        "assistant",
        turns,
        List.of(new Tool("f", "", JsonNodeFactory.instance.objectNode(), Optional.empty())),
        choice,
        parallel,
        new OutputFormat.Text(),
        maxTokens,
        new Sampling(
            OptionalDouble.of(0.5),
            OptionalDouble.of(0.9),
            OptionalLong.of(5),
            OptionalLong.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty()),
        List.of(),
        reasoning,
        false,
        false,
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  private static List<Turn> question() {
    return List.of(new Turn.User(List.of(text("hi"))));
  }

  private static Turn user(Part part) {
    return new Turn.User(List.of(part));
  }

  private static Turn assistant(Part... parts) {
    return new Turn.Assistant(List.of(parts));
  }

  private static Part text(String text) {
    return new Part.Text(text, Optional.empty());
  }

  private static JsonObject block(String text) {
    return new JsonObject().put("type", "text").put("text", text);
  }
}
