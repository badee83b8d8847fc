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
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import dev.penstock.it.compatibility.Outcome.Answered;
import dev.penstock.it.compatibility.Outcome.End;
import dev.penstock.it.compatibility.Outcome.Raised;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Chat Completions of {@code openai-java}, chunk by chunk or put together by its accumulator.
 * Thoughts are in fields that OpenAI has not, of which vLLM has one and others the other.
 */
enum OpenAiChat implements Sdk {
  RAW("openai-java Chat, raw") {
    @Override
    Answered listen(Stream<ChatCompletionChunk> chunks) {
      Heard heard = Heard.strict();
      chunks.flatMap(chunk -> chunk.choices().stream()).forEach(choice -> hear(choice, heard));
      return heard.answered();
    }
  },
  ACCUMULATING("openai-java Chat, accumulating") {
    @Override
    Answered listen(Stream<ChatCompletionChunk> chunks) {
      ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
      chunks.forEach(accumulator::accumulate);
      return whole(accumulator.chatCompletion().choices().getFirst());
    }
  };

  private final String title;

  OpenAiChat(String title) {
    this.title = title;
  }

  abstract Answered listen(Stream<ChatCompletionChunk> chunks);

  @Override
  public String title() {
    return title;
  }

  @Override
  public Outcome ask(Door door, Situation situation) {
    OpenAIClient client = client(door);
    try (StreamResponse<ChatCompletionChunk> stream =
        client
            .chat()
            .completions()
            .createStreaming(OpenAiChatQuestions.about(situation, door.model()))) {
      return listen(stream.stream());
    } catch (OpenAIException e) {
      return raised(e);
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

  private static void hear(ChatCompletionChunk.Choice choice, Heard heard) {
    ChatCompletionChunk.Choice.Delta delta = choice.delta();
    delta.content().ifPresent(heard::text);
    delta.refusal().ifPresent(heard::text);
    Map<String, JsonValue> more = delta._additionalProperties();
    JsonValue thought = more.getOrDefault("reasoning_content", more.get("reasoning"));
    if (thought != null) {
      heard.thought(thought.asStringOrThrow());
    }
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

  private static Answered whole(ChatCompletion.Choice choice) {
    Heard heard = Heard.strict();
    ChatCompletionMessage message = choice.message();
    message.content().ifPresent(heard::text);
    message.refusal().ifPresent(heard::text);
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
