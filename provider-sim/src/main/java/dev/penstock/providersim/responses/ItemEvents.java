package dev.penstock.providersim.responses;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.RandomId;
import dev.penstock.providersim.dialect.Sse;
import io.vertx.core.buffer.Buffer;

/** The events of one item after the other, all numbered in one sequence. */
final class ItemEvents {
  private final Shown shown;
  private long sequence;

  ItemEvents(Shown shown) {
    this.shown = shown;
  }

  /** An event with the next number. */
  ObjectNode numbered(String type) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", type)
        .put("sequence_number", sequence++);
  }

  /** The item as it stands. */
  ObjectNode item(OpenItem open, String status) {
    String text = open.text().toString();
    return switch (open) {
      case OpenItem.Message message ->
          text.isEmpty()
              ? ResponseItems.message(message.id(), status)
              : ResponseItems.message(message.id(), status, ResponseItems.text(text));
      case OpenItem.Refusal refusal ->
          text.isEmpty()
              ? ResponseItems.message(refusal.id(), status)
              : ResponseItems.message(refusal.id(), status, ResponseItems.refusal(text));
      case OpenItem.Reasoning reasoning -> ResponseItems.reasoning(reasoning.id(), text, shown);
      case OpenItem.Call call -> ResponseItems.call(call.call(), status, text);
    };
  }

  Buffer opened(OpenItem open, int index) {
    ObjectNode added = numbered("response.output_item.added").put("output_index", index);
    added.set("item", item(open, "in_progress"));
    Buffer events = send(added);
    return switch (open) {
      case OpenItem.Message message ->
          events.appendBuffer(
              part("response.content_part.added", open, index, ResponseItems.text("")));
      case OpenItem.Refusal refusal ->
          events.appendBuffer(
              part("response.content_part.added", open, index, ResponseItems.refusal("")));
      case OpenItem.Reasoning reasoning ->
          shown.summary()
              ? events.appendBuffer(
                  part(
                      "response.reasoning_summary_part.added",
                      open,
                      index,
                      ResponseItems.summary("")))
              : events;
      case OpenItem.Call call -> events;
    };
  }

  Buffer more(OpenItem open, int index, String text) {
    return switch (open) {
      case OpenItem.Message message -> {
        ObjectNode delta = delta("response.output_text.delta", open, index, text);
        delta.putArray("logprobs");
        yield send(delta);
      }
      case OpenItem.Refusal refusal -> send(delta("response.refusal.delta", open, index, text));
      case OpenItem.Reasoning reasoning ->
          shown.summary()
              ? send(delta("response.reasoning_summary_text.delta", open, index, text))
              : Buffer.buffer();
      case OpenItem.Call call ->
          send(delta("response.function_call_arguments.delta", open, index, text));
    };
  }

  private ObjectNode delta(String type, OpenItem open, int index, String text) {
    ObjectNode delta = placed(type, open, index).put("delta", text);
    return shown.obfuscation() ? delta.put("obfuscation", RandomId.of("", 10)) : delta;
  }

  Buffer closed(OpenItem open, int index, ObjectNode item) {
    String text = open.text().toString();
    Buffer events =
        switch (open) {
          case OpenItem.Message message -> {
            ObjectNode done = placed("response.output_text.done", open, index).put("text", text);
            done.putArray("logprobs");
            yield send(done)
                .appendBuffer(
                    part("response.content_part.done", open, index, ResponseItems.text(text)));
          }
          case OpenItem.Refusal refusal ->
              send(placed("response.refusal.done", open, index).put("refusal", text))
                  .appendBuffer(
                      part("response.content_part.done", open, index, ResponseItems.refusal(text)));
          case OpenItem.Reasoning reasoning -> summaryDone(open, index, text);
          case OpenItem.Call call ->
              send(
                  placed("response.function_call_arguments.done", open, index)
                      .put("name", call.call().name())
                      .put("arguments", text));
        };
    ObjectNode done = numbered("response.output_item.done").put("output_index", index);
    done.set("item", item);
    return events.appendBuffer(send(done));
  }

  private Buffer summaryDone(OpenItem open, int index, String text) {
    if (!shown.summary()) {
      return Buffer.buffer();
    }
    return send(placed("response.reasoning_summary_text.done", open, index).put("text", text))
        .appendBuffer(
            part("response.reasoning_summary_part.done", open, index, ResponseItems.summary(text)));
  }

  private Buffer part(String type, OpenItem open, int index, ObjectNode part) {
    ObjectNode event = placed(type, open, index);
    event.set("part", part);
    return send(event);
  }

  /** Which item it is about, and in messages and summaries also which of its parts. */
  private ObjectNode placed(String type, OpenItem open, int index) {
    ObjectNode event = numbered(type).put("item_id", open.id()).put("output_index", index);
    return switch (open) {
      case OpenItem.Message message -> event.put("content_index", 0);
      case OpenItem.Refusal refusal -> event.put("content_index", 0);
      case OpenItem.Reasoning reasoning -> event.put("summary_index", 0);
      case OpenItem.Call call -> event;
    };
  }

  private static Buffer send(ObjectNode event) {
    return Sse.named(event.path("type").asText(), event);
  }
}
