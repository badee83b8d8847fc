package dev.penstock.it.compatibility;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicException;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawContentBlockDelta;
import com.anthropic.models.messages.RawMessageStreamEvent;
import dev.penstock.it.compatibility.Outcome.Answered;
import dev.penstock.it.compatibility.Outcome.End;
import dev.penstock.it.compatibility.Outcome.Raised;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Messages of {@code anthropic-java}, event by event, put together by its accumulator, or whole.
 */
enum AnthropicMessages implements Sdk {
  RAW("anthropic-java, raw") {
    @Override
    Answered answer(AnthropicClient client, MessageCreateParams question) {
      return streamed(client, question, AnthropicMessages::raw);
    }
  },
  ACCUMULATING("anthropic-java, accumulating") {
    @Override
    Answered answer(AnthropicClient client, MessageCreateParams question) {
      return streamed(client, question, AnthropicMessages::accumulated);
    }
  },
  WHOLE("anthropic-java, whole") {
    @Override
    Answered answer(AnthropicClient client, MessageCreateParams question) {
      return whole(client.messages().create(question));
    }
  };

  private final String title;

  AnthropicMessages(String title) {
    this.title = title;
  }

  abstract Answered answer(AnthropicClient client, MessageCreateParams question);

  @Override
  public String title() {
    return title;
  }

  @Override
  public String uncarried() {
    return "tools[0]";
  }

  @Override
  public Outcome ask(Door door, Situation situation) {
    AnthropicClient client =
        AnthropicOkHttpClient.builder()
            .baseUrl(door.gateway().toString())
            .apiKey(door.key())
            .build();
    try {
      return answer(client, AnthropicQuestions.about(situation, door.model()));
    } catch (AnthropicException e) {
      Raised raised =
          Raised.of(e, e instanceof AnthropicServiceException told ? told.statusCode() : 0);
      return situation == Situation.UNCARRIED ? raised.naming(uncarried(), e) : raised;
    } finally {
      client.close();
    }
  }

  private static Answered streamed(
      AnthropicClient client,
      MessageCreateParams question,
      Function<Stream<RawMessageStreamEvent>, Answered> listener) {
    try (StreamResponse<RawMessageStreamEvent> stream =
        client.messages().createStreaming(question)) {
      return listener.apply(stream.stream());
    }
  }

  private static Answered raw(Stream<RawMessageStreamEvent> events) {
    Heard heard = Heard.lenient();
    events.forEach(event -> hear(event, heard));
    return heard.answered();
  }

  private static Answered accumulated(Stream<RawMessageStreamEvent> events) {
    MessageAccumulator accumulator = MessageAccumulator.create();
    events.forEach(accumulator::accumulate);
    return whole(accumulator.message());
  }

  private static void hear(RawMessageStreamEvent event, Heard heard) {
    event
        .contentBlockStart()
        .ifPresent(started ->
            started
                .contentBlock()
                .toolUse()
                .ifPresent(call -> heard.call(started.index(), call.name())));
    event.contentBlockDelta().ifPresent(piece -> hear(piece.delta(), piece.index(), heard));
    event
        .messageDelta()
        .flatMap(last -> last.delta().stopReason())
        .ifPresent(reason -> heard.end(end(reason.asString())));
  }

  private static void hear(RawContentBlockDelta delta, long index, Heard heard) {
    delta.text().ifPresent(piece -> heard.text(piece.text()));
    delta.thinking().ifPresent(piece -> heard.thought(piece.thinking()));
    delta.inputJson().ifPresent(piece -> heard.arguments(index, piece.partialJson()));
  }

  private static Answered whole(Message message) {
    Heard heard = Heard.lenient();
    long index = 0;
    for (ContentBlock block : message.content()) {
      long position = index++;
      block.text().ifPresent(text -> heard.text(text.text()));
      block.thinking().ifPresent(thinking -> heard.thought(thinking.thinking()));
      block
          .toolUse()
          .ifPresent(call -> {
            heard.call(position, call.name());
            heard.arguments(position, json(call._input()));
          });
    }
    message.stopReason().ifPresent(reason -> heard.end(end(reason.asString())));
    return heard.answered();
  }

  private static String json(com.anthropic.core.JsonValue value) {
    return com.anthropic.core.ObjectMappers.jsonMapper().valueToTree(value).toString();
  }

  private static End end(String reason) {
    return switch (reason) {
      case "end_turn" -> End.STOP;
      case "max_tokens" -> End.LENGTH;
      case "tool_use" -> End.TOOLS;
      case "refusal" -> End.REFUSED;
      default -> throw new AssertionError("stop_reason " + reason);
    };
  }
}
