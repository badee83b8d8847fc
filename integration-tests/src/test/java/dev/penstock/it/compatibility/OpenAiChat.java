package dev.penstock.it.compatibility;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import dev.penstock.it.compatibility.Outcome.Answered;
import dev.penstock.it.compatibility.Outcome.End;
import dev.penstock.it.compatibility.Outcome.Raised;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Chat Completions of {@code openai-java}, chunk by chunk, put together by its accumulator, or
 * whole. Thoughts are in fields that OpenAI has not, of which vLLM has one and others the other.
 */
enum OpenAiChat implements Sdk {
  RAW("openai-java Chat, raw") {
    @Override
    Answered answer(OpenAIClient client, ChatCompletionCreateParams question) {
      return streamed(client, question, OpenAiChat::raw);
    }
  },
  ACCUMULATING("openai-java Chat, accumulating") {
    @Override
    Answered answer(OpenAIClient client, ChatCompletionCreateParams question) {
      return streamed(client, question, OpenAiChat::accumulated);
    }
  },
  WHOLE("openai-java Chat, whole") {
    @Override
    Answered answer(OpenAIClient client, ChatCompletionCreateParams question) {
      ChatCompletion.Choice choice =
          client.chat().completions().create(question).choices().getFirst();
      Heard heard = Heard.strict();
      thought(choice.message()._additionalProperties(), heard);
      return whole(choice, heard);
    }
  };

  private final String title;

  OpenAiChat(String title) {
    this.title = title;
  }

  abstract Answered answer(OpenAIClient client, ChatCompletionCreateParams question);

  @Override
  public String title() {
    return title;
  }

  @Override
  public String uncarried() {
    return "logit_bias";
  }

  @Override
  public Outcome ask(Door door, Situation situation) {
    OpenAIClient client = client(door);
    try {
      return answer(client, OpenAiChatQuestions.about(situation, door.model()));
    } catch (OpenAIException e) {
      return situation == Situation.UNCARRIED ? raised(e).naming(uncarried(), e) : raised(e);
    } finally {
      client.close();
    }
  }

  static OpenAIClient client(Door door) {
    return OpenAIOkHttpClient.builder().baseUrl(door.gateway() + "/v1").apiKey(door.key()).build();
  }

  static Raised raised(OpenAIException raised) {
    return Raised.of(raised, raised instanceof OpenAIServiceException told ? told.statusCode() : 0);
  }

  private static Answered streamed(
      OpenAIClient client,
      ChatCompletionCreateParams question,
      Function<Stream<ChatCompletionChunk>, Answered> listener) {
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(question)) {
      return listener.apply(stream.stream());
    }
  }

  private static Answered raw(Stream<ChatCompletionChunk> chunks) {
    Heard heard = Heard.strict();
    chunks.flatMap(chunk -> chunk.choices().stream()).forEach(choice -> hear(choice, heard));
    return heard.answered();
  }

  private static Answered accumulated(Stream<ChatCompletionChunk> chunks) {
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
    chunks.forEach(accumulator::accumulate);
    // Of fields that are not OpenAI's it has the last piece alone.
    return whole(accumulator.chatCompletion().choices().getFirst(), Heard.strict());
  }

  private static void hear(ChatCompletionChunk.Choice choice, Heard heard) {
    ChatCompletionChunk.Choice.Delta delta = choice.delta();
    delta.content().ifPresent(heard::text);
    delta.refusal().ifPresent(heard::refusal);
    thought(delta._additionalProperties(), heard);
    for (ChatCompletionChunk.Choice.Delta.ToolCall call : delta.toolCalls().orElse(List.of())) {
      call.function()
          .flatMap(function -> function.name())
          .ifPresent(name -> heard.call(call.index(), name));
      call.function()
          .flatMap(function -> function.arguments())
          .ifPresent(piece -> heard.arguments(call.index(), piece));
    }
    choice.finishReason().map(reason -> end(reason.asString())).ifPresent(heard::end);
  }

  private static void thought(Map<String, JsonValue> more, Heard heard) {
    JsonValue thought = more.getOrDefault("reasoning_content", more.get("reasoning"));
    if (thought != null && !thought.isNull()) {
      heard.thought(thought.asStringOrThrow());
    }
  }

  private static Answered whole(ChatCompletion.Choice choice, Heard heard) {
    ChatCompletionMessage message = choice.message();
    message.content().ifPresent(heard::text);
    message.refusal().ifPresent(heard::refusal);
    long index = 0;
    for (var call : message.toolCalls().orElse(List.of())) {
      ChatCompletionMessageFunctionToolCall.Function function = call.asFunction().function();
      heard.call(index, function.name());
      heard.arguments(index++, function.arguments());
    }
    heard.end(end(choice.finishReason().asString()));
    return heard.answered();
  }

  private static End end(String reason) {
    return switch (reason) {
      case "stop" -> End.STOP;
      case "length" -> End.LENGTH;
      case "tool_calls" -> End.TOOLS;
      case "content_filter" -> End.REFUSED;
      default -> throw new AssertionError("finish_reason " + reason);
    };
  }
}
