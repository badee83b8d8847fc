package dev.penstock.dataplane.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelEvent.BlockEnded;
import dev.penstock.dataplane.dialect.ModelEvent.BlockStarted;
import dev.penstock.dataplane.dialect.ModelEvent.Ended;
import dev.penstock.dataplane.dialect.ModelEvent.Finished;
import dev.penstock.dataplane.dialect.ModelEvent.Started;
import dev.penstock.dataplane.dialect.ModelEvent.TextDelta;
import dev.penstock.dataplane.dialect.ModelEvent.UsageReported;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes {@code docs/translation.md} of the table of losses and of what the codecs write. */
final class TranslationPage {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String HEAD =
      """
      # Translation between dialects

      <!-- Made of the code by TranslationPageTest; change it there, and run the test with -Dtranslation=write. -->

      Where a client and the provider of its model speak the same dialect, nothing is translated: bodies and
      streams keep their bytes. Otherwise a request and its answer go through words that all dialects share.
      This page says what is lost on that way, and what is put in other words.

      The dialects are OpenAI Chat Completions (Azure OpenAI and compatible servers such as vLLM speak it, too),
      OpenAI Responses, Anthropic Messages and Mistral Chat.

      ## What a provider's dialect cannot carry

      A field that changes what the model is asked is **refused**: the answer is 400 with the code
      `unsupported_field`, and names the client's field and what to do. A hint is **dropped**, and named in the header
      `x-penstock-dropped`. What has no row, and no word in its row, is carried.

      A route with `unsupportedFields: drop` has what is refused dropped, and named, too. What is **always refused** stays
      refused: without it nothing is left to ask, or what was to protect somebody is gone; so is a value that a provider
      cannot take, such as an image of an unusual type.

      """;

  private static final String ADAPTED =
      """

      ## What is put in other words

      **To every provider**
      - A temperature is never rescaled. What a dialect does not take is refused.
      - A model of the trait `no-sampling` is not told the usual values (temperature and top p 1, penalties 0); others are
        refused, or dropped and named where the route wants that. A seed stays.
      - Arguments of an earlier call that are empty become `{}`; what is no JSON object is refused by its place.
      - Every call of an earlier turn needs its result right after it, and every result a call.
      - An id of a call stays as it is where the provider takes it. Otherwise the call and its result get one that
        follows from it, the same every time; nothing is kept.
      - A budget for reasoning becomes the effort whose usual budget is nearest (low 1,024 tokens, medium 8,192, high
        24,576, xhigh 32,768), and the other way about for models of the trait `thinks-by-budget`.
      - Reasoning goes back to its maker only. A client that keeps the signature it was given, which then begins with
        `penstock:` and its maker's dialect, gives it back through us.

      **To OpenAI Chat**
      - Usage of a stream is always asked for; the client sees it if it asked, too.
      - The limit on output is `max_completion_tokens`; compatible servers get `max_tokens`, one text in place of text
        parts, and no documents.
      - Audio of Mistral's clients, who do not tell its format, is sent as WAV or MP3 by its first bytes; other audio is
        refused.
      - Ids of calls longer than 40 characters are replaced.

      **To OpenAI Responses**
      - The first system message becomes `instructions`; the answer is never kept (`store` is false).
      - Reasoning comes back encrypted, so that it can be sent again between calls of tools.

      **To Anthropic Messages**
      - System messages go before the conversation, also from its middle. Turns of one side that follow each other
        become one; results of tools stand at the start of the user's turn.
      - Without a limit on output the request gets the catalogue's for the model, as Anthropic demands one.
      - Reasoning is not asked for where Anthropic would refuse it: beside a tool that must be called, and with a budget
        in a loop of tools whose earlier thoughts did not come back.

      **To Mistral Chat**
      - A PDF within the request goes as a `data:` address; documents of other types are refused.
      - Between a tool's result and the user's next turn, which Mistral refuses to see together, stands a turn of the
        assistant that says `OK.`
      - Ids of calls that are not nine letters and digits are replaced.
      - An assistant's turn at the end is sent with `prefix`. A refusal of an earlier turn is sent as its text.
      - The highest effort is `xhigh`.

      **To every client**
      - A call's arguments are a JSON object, `{}` where the model gave none.
      - A provider that says `stop` after calling tools is taken to wait for their results.
      - Counts that a provider does not tell are left out where the dialect allows it.
      - To clients of OpenAI Chat reasoning is told as `reasoning_content` and as `reasoning`; several texts of an
        answer are one. To clients of Mistral all calls come whole, in the last chunk with finish and usage.
      - A stream that does not end well ends with an error that SDKs of the dialect raise, and nothing after it that
        looks like an end. To clients of Mistral the response breaks off after it, as there are some that raise that alone.

      ## Why an answer ends

      """;

  private TranslationPage() {}

  static String made() {
    return HEAD + losses() + ADAPTED + finishes();
  }

  private static String losses() {
    StringBuilder page =
        new StringBuilder("| What |" + columns() + " Why |\n|---|---|---|---|---|---|\n");
    Map<Feature, Map<Dialect, Loss>> rows = new EnumMap<>(Feature.class);
    for (Loss loss : Losses.table()) {
      rows.computeIfAbsent(loss.feature(), _ -> new EnumMap<>(Dialect.class)).put(loss.to(), loss);
    }
    rows.forEach((feature, byDialect) -> page.append(row(feature, byDialect)));
    return page.toString();
  }

  private static String columns() {
    StringBuilder columns = new StringBuilder();
    for (Dialect dialect : Dialect.values()) {
      columns.append(" to `").append(dialect.word()).append("` |");
    }
    return columns.toString();
  }

  private static String row(Feature feature, Map<Dialect, Loss> byDialect) {
    StringBuilder row = new StringBuilder("| " + words(feature.name()) + " |");
    Set<String> why = new LinkedHashSet<>();
    for (Dialect dialect : Dialect.values()) {
      Loss loss = byDialect.get(dialect);
      if (loss == null) {
        row.append(" |");
        continue;
      }
      row.append(" ").append(words(loss.fate().name()).toLowerCase(Locale.ROOT)).append(" |");
      why.add(capital(loss.why()));
    }
    return row + " " + String.join(" ", why) + " |\n";
  }

  private static String finishes() {
    StringBuilder page =
        new StringBuilder("| Why |" + columns().replace(" to ", " ") + "\n|---|---|---|---|---|\n");
    for (FinishReason reason : FinishReason.values()) {
      page.append("| ").append(words(reason.name())).append(" |");
      for (Codec codec : Codecs.all().values()) {
        page.append(" `").append(finish(codec, reason)).append("` |");
      }
      page.append("\n");
    }
    return page.toString();
  }

  /** What an encoder writes of it into a whole answer. */
  private static String finish(Codec codec, FinishReason reason) {
    AnswerEncoder encoder = Replay.encoder(codec, false);
    Block block =
        reason == FinishReason.TOOL_CALLS ? new Block.ToolCall("id", "f") : new Block.Text();
    List<ModelEvent> events =
        List.of(
            new Started("id", "model", 1),
            new BlockStarted(0, block),
            block instanceof Block.Text
                ? new TextDelta(0, "x")
                : new UsageReported(Tokens.of(1, 1)),
            new BlockEnded(0),
            new UsageReported(Tokens.of(1, 1)),
            new Finished(reason, Optional.empty()),
            new Ended());
    events.forEach(event -> encoder.event(event, Buffer.buffer()));
    JsonNode whole = json(encoder.whole());
    return switch (codec.dialect()) {
      case OPENAI_CHAT, MISTRAL_CHAT -> whole.at("/choices/0/finish_reason").asText();
      case ANTHROPIC_MESSAGES -> whole.path("stop_reason").asText();
      case OPENAI_RESPONSES -> response(whole);
    };
  }

  private static String response(JsonNode whole) {
    JsonNode reason = whole.at("/incomplete_details/reason");
    String status = whole.path("status").asText();
    return reason.isTextual() ? status + ": " + reason.asText() : status;
  }

  private static JsonNode json(Buffer body) {
    try {
      return JSON.readTree(body.getBytes());
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }

  private static String words(String constant) {
    String text = constant.toLowerCase(Locale.ROOT).replace("_", " ").replace("json", "JSON");
    return capital(text.replaceAll("([0-9]) ([0-9])", "$1.$2"));
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
