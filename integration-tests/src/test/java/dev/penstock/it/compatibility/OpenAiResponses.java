package dev.penstock.it.compatibility;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseReasoningItem;
import com.openai.models.responses.ResponseStreamEvent;
import dev.penstock.it.compatibility.Outcome.Answered;
import dev.penstock.it.compatibility.Outcome.End;
import dev.penstock.it.compatibility.Outcome.Raised;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Responses of {@code openai-java}, event by event, put together by its accumulator, or whole. */
enum OpenAiResponses implements Sdk {
  RAW("openai-java Responses, raw") {
    @Override
    Answered answer(OpenAIClient client, ResponseCreateParams question) {
      return streamed(client, question, OpenAiResponses::raw);
    }
  },
  ACCUMULATING("openai-java Responses, accumulating") {
    @Override
    Answered answer(OpenAIClient client, ResponseCreateParams question) {
      return streamed(client, question, OpenAiResponses::accumulated);
    }
  },
  WHOLE("openai-java Responses, whole") {
    @Override
    Answered answer(OpenAIClient client, ResponseCreateParams question) {
      return whole(client.responses().create(question));
    }
  };

  private final String title;

  OpenAiResponses(String title) {
    this.title = title;
  }

  abstract Answered answer(OpenAIClient client, ResponseCreateParams question);

  @Override
  public String title() {
    return title;
  }

  @Override
  public String uncarried() {
    return "truncation";
  }

  @Override
  public Outcome ask(Door door, Situation situation) {
    OpenAIClient client = OpenAiChat.client(door);
    try {
      return answer(client, ResponsesQuestions.about(situation, door.model()));
    } catch (OpenAIException e) {
      Raised raised = OpenAiChat.raised(e);
      return situation == Situation.UNCARRIED ? raised.naming(uncarried(), e) : raised;
    } finally {
      client.close();
    }
  }

  private static Answered streamed(
      OpenAIClient client,
      ResponseCreateParams question,
      Function<Stream<ResponseStreamEvent>, Answered> listener) {
    try (StreamResponse<ResponseStreamEvent> stream =
        client.responses().createStreaming(question)) {
      return listener.apply(stream.stream());
    }
  }

  private static Answered raw(Stream<ResponseStreamEvent> events) {
    Heard heard = Heard.strict();
    events.forEach(event -> hear(event, heard));
    return heard.answered();
  }

  private static Answered accumulated(Stream<ResponseStreamEvent> events) {
    ResponseAccumulator accumulator = ResponseAccumulator.create();
    events.forEach(accumulator::accumulate);
    return whole(accumulator.response());
  }

  private static void hear(ResponseStreamEvent event, Heard heard) {
    event.outputTextDelta().ifPresent(piece -> heard.text(piece.delta()));
    event.refusalDelta().ifPresent(piece -> heard.refusal(piece.delta()));
    event.reasoningSummaryTextDelta().ifPresent(piece -> heard.thought(piece.delta()));
    event.reasoningTextDelta().ifPresent(piece -> heard.thought(piece.delta()));
    event
        .outputItemAdded()
        .ifPresent(added ->
            added
                .item()
                .functionCall()
                .ifPresent(call -> heard.call(added.outputIndex(), call.name())));
    event
        .functionCallArgumentsDelta()
        .ifPresent(piece -> heard.arguments(piece.outputIndex(), piece.delta()));
    event.completed().ifPresent(last -> heard.end(end(last.response())));
    event.incomplete().ifPresent(last -> heard.end(end(last.response())));
  }

  private static Answered whole(Response response) {
    Heard heard = Heard.strict();
    long index = 0;
    for (ResponseOutputItem item : response.output()) {
      long position = index++;
      item.message().ifPresent(message -> hear(message, heard));
      item.reasoning().ifPresent(reasoning -> hear(reasoning, heard));
      item.functionCall().ifPresent(call -> hear(call, position, heard));
    }
    heard.end(end(response));
    return heard.answered();
  }

  private static void hear(ResponseOutputMessage message, Heard heard) {
    for (ResponseOutputMessage.Content part : message.content()) {
      part.outputText().ifPresent(text -> heard.text(text.text()));
      part.refusal().ifPresent(refusal -> heard.refusal(refusal.refusal()));
    }
  }

  private static void hear(ResponseReasoningItem reasoning, Heard heard) {
    reasoning.summary().forEach(part -> heard.thought(part.text()));
    reasoning.content().orElse(List.of()).forEach(part -> heard.thought(part.text()));
  }

  private static void hear(ResponseFunctionToolCall call, long position, Heard heard) {
    heard.call(position, call.name());
    heard.arguments(position, call.arguments());
  }

  /** Responses have no word for calls, and for a refusal only the kind of its text. */
  private static End end(Response response) {
    if (response.incompleteDetails().flatMap(details -> details.reason()).isPresent()) {
      String reason = response.incompleteDetails().orElseThrow().reason().orElseThrow().asString();
      return switch (reason) {
        case "max_output_tokens" -> End.LENGTH;
        case "content_filter" -> End.REFUSED;
        default -> throw new AssertionError("incomplete: " + reason);
      };
    }
    if (response.output().stream().anyMatch(ResponseOutputItem::isFunctionCall)) {
      return End.TOOLS;
    }
    return response.output().stream().anyMatch(OpenAiResponses::refuses) ? End.REFUSED : End.STOP;
  }

  private static boolean refuses(ResponseOutputItem item) {
    return item.isMessage()
        && item.asMessage().content().stream().anyMatch(ResponseOutputMessage.Content::isRefusal);
  }
}
