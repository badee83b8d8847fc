package dev.penstock.providersim.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.Sse;
import dev.penstock.providersim.dialect.StreamShapes;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.openai.OpenAiErrors;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.script.Step;
import dev.penstock.providersim.script.Utterance;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of one streamed response (November 2026): items one after the other, each opened,
 * filled and closed; an utterance of another kind closes the item before it.
 */
final class ResponseEvents implements StreamShapes {
  private final ResponseObject response;
  private final Shown shown;
  private final ItemEvents events;
  private final List<JsonNode> output = new ArrayList<>();
  private @Nullable OpenItem open;

  ResponseEvents(ResponseObject response, Shown shown) {
    this.response = response;
    this.shown = shown;
    events = new ItemEvents(shown);
  }

  @Override
  public Buffer start(Usage prompt) {
    return about("response.created", response.running())
        .appendBuffer(about("response.in_progress", response.running()));
  }

  @Override
  public Buffer utter(Utterance utterance) {
    return switch (utterance) {
      case Utterance.Said said -> {
        Buffer before =
            open instanceof OpenItem.Message
                ? Buffer.buffer()
                : open(new OpenItem.Message(ItemId.message(), new StringBuilder()));
        yield before.appendBuffer(more(said.text()));
      }
      case Utterance.Refused refused -> {
        Buffer before =
            open instanceof OpenItem.Refusal
                ? Buffer.buffer()
                : open(new OpenItem.Refusal(ItemId.message(), new StringBuilder()));
        yield before.appendBuffer(more(refused.text()));
      }
      case Utterance.Thought thought -> {
        Buffer before =
            open instanceof OpenItem.Reasoning
                ? Buffer.buffer()
                : open(new OpenItem.Reasoning(ItemId.reasoning(), new StringBuilder()));
        yield before.appendBuffer(more(thought.text()));
      }
      case Utterance.CallBegun begun ->
          open(new OpenItem.Call(ItemId.call(begun.id(), begun.name()), new StringBuilder()));
      case Utterance.CallArguments piece -> more(piece.json().isEmpty() ? "{}" : piece.json());
    };
  }

  private Buffer open(OpenItem item) {
    Buffer closed = close("completed");
    open = item;
    return closed.appendBuffer(events.opened(item, output.size()));
  }

  private Buffer more(String text) {
    OpenItem item = open;
    if (item == null) {
      throw new IllegalStateException("no item is open");
    }
    item.text().append(text);
    return events.more(item, output.size(), text);
  }

  private Buffer close(String status) {
    OpenItem item = open;
    if (item == null) {
      return Buffer.buffer();
    }
    open = null;
    ObjectNode done = events.item(item, status);
    Buffer closed = events.closed(item, output.size(), done);
    output.add(done);
    return closed;
  }

  /** Without the event that ends it, it is a stream that was cut. */
  @Override
  public Buffer finish(Step.Finish finish, Usage usage) {
    Ended ended = Ended.of(finish.reason());
    Buffer end = close(ended.itemStatus());
    if (!finish.ending().sendsDone()) {
      return end;
    }
    ObjectNode whole = response.ended(ended, output, finish.ending().sendsUsage() ? usage : null);
    return end.appendBuffer(about("response." + ended.status(), whole));
  }

  /** First the error, nested as the API really sends it, then the response that failed of it. */
  @Override
  public Buffer failure(Complaint complaint, String requestId) {
    ObjectNode nested = OpenAiErrors.error(complaint);
    ObjectNode error = events.numbered("error");
    error.set("error", nested);
    ObjectNode failed = response.ended(Ended.FAILED, output, null);
    failed
        .putObject("error")
        .put("code", nested.path("code").asText("server_error"))
        .put("message", nested.path("message").asText());
    return Sse.named("error", error).appendBuffer(about("response.failed", failed));
  }

  private Buffer about(String type, ObjectNode whole) {
    ObjectNode event = events.numbered(type);
    event.set("response", whole);
    return Sse.named(type, event);
  }
}
