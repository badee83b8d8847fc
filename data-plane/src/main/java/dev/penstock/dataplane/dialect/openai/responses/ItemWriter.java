package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tells a client of one item, from its beginning to its end, in the order that SDKs demand. */
final class ItemWriter {

  private static final String NO_ARGUMENTS = "{}";

  private final WrittenItem item;
  private final EventWriter events;
  private @Nullable Buffer deltaStart;

  ItemWriter(WrittenItem item, EventWriter events) {
    this.item = item;
    this.events = events;
  }

  WrittenItem item() {
    return item;
  }

  void start(Buffer out) {
    events.write(out, "response.output_item.added", json -> item(json));
    if (isMessage()) {
      events.write(
          out,
          "response.content_part.added",
          json -> {
            place(json);
            part(json, "");
          });
    }
  }

  private boolean isMessage() {
    return item.content() instanceof Block.Text || item.content() instanceof Block.Refusal;
  }

  private void item(JsonGenerator json) throws IOException {
    json.writeNumberField("output_index", item.index());
    json.writeFieldName("item");
    item.write(json);
  }

  private void part(JsonGenerator json, String text) throws IOException {
    json.writeFieldName("part");
    item.part(json, text);
  }

  /** Which part of which item an event is about. */
  private void place(JsonGenerator json) throws IOException {
    json.writeStringField("item_id", item.id());
    json.writeNumberField("output_index", item.index());
    switch (item.content()) {
      case Block.Text _, Block.Refusal _ -> json.writeNumberField("content_index", 0);
      case Block.Reasoning _, Block.EncryptedReasoning _ ->
          json.writeNumberField("summary_index", 0);
      case Block.ToolCall _ -> {}
    }
  }

  void delta(String text, Buffer out) {
    if (deltaStart == null) {
      if (item.content() instanceof Block.Reasoning) {
        events.write(
            out,
            "response.reasoning_summary_part.added",
            json -> {
              place(json);
              part(json, "");
            });
      }
      deltaStart = EventWriter.deltaStart(eventOf("delta"), this::place);
    }
    item.add(text);
    events.delta(
        out, deltaStart, text, item.content() instanceof Block.Text ? ",\"logprobs\":[]" : "");
  }

  private String eventOf(String end) {
    return switch (item.content()) {
      case Block.Text _ -> "response.output_text." + end;
      case Block.Refusal _ -> "response.refusal." + end;
      case Block.Reasoning _, Block.EncryptedReasoning _ ->
          "response.reasoning_summary_text." + end;
      case Block.ToolCall _ -> "response.function_call_arguments." + end;
    };
  }

  /**
   * @param status of the item: completed, or incomplete where the answer ends in it
   */
  void end(String status, Buffer out) {
    // The users of this dialect parse arguments without looking: nothing would be no JSON.
    if (item.content() instanceof Block.ToolCall && item.isEmpty()) {
      delta(NO_ARGUMENTS, out);
    }
    item.end(status);
    String text = item.text();
    switch (item.content()) {
      case Block.Text _ -> endPart(out, "text", text, "response.content_part.done");
      case Block.Refusal _ -> endPart(out, "refusal", text, "response.content_part.done");
      case Block.Reasoning _, Block.EncryptedReasoning _ -> {
        if (!item.isEmpty()) {
          endPart(out, "text", text, "response.reasoning_summary_part.done");
        }
      }
      case Block.ToolCall call ->
          events.write(
              out,
              eventOf("done"),
              json -> {
                place(json);
                json.writeStringField("name", call.name());
                json.writeStringField("arguments", text);
              });
    }
    events.write(out, "response.output_item.done", json -> item(json));
  }

  private void endPart(Buffer out, String member, String text, String partDone) {
    events.write(
        out,
        eventOf("done"),
        json -> {
          place(json);
          json.writeStringField(member, text);
          if (item.content() instanceof Block.Text) {
            WrittenItem.empty(json, "logprobs");
          }
        });
    events.write(
        out,
        partDone,
        json -> {
          place(json);
          part(json, text);
        });
  }
}
