package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonParser;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.body.Edits;
import dev.penstock.dataplane.dialect.body.Fields;
import dev.penstock.dataplane.dialect.body.Range;
import dev.penstock.dataplane.dialect.body.RequestBody;
import dev.penstock.dataplane.dialect.openai.responses.Wire.Span;
import dev.penstock.dataplane.exchange.RefusedException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * What an answer says that a later request goes on from. Holds what the model said; {@link
 * #toString} does not show it.
 *
 * @param output as items of input, without the brackets around them
 */
public record FinishedResponse(String id, Buffer output) {

  /**
   * Reads the last event of a stream; empty where there is no response in it that can be gone on
   * from.
   */
  public static Optional<FinishedResponse> ofEvent(byte[] event) {
    Span[] response = {Span.NONE};
    Span all = new Span(event, 0, event.length);
    try {
      Wire.object(
          all,
          (name, json) -> {
            if (name.equals("response")) {
              response[0] = Wire.span(json, all);
            } else {
              json.skipChildren();
            }
          });
      ResponseHead head = ResponseHead.read(response[0]);
      if (head.id().isEmpty()) {
        return Optional.empty();
      }
      Buffer output = Buffer.buffer();
      Wire.array(head.output(), item -> append(item, output));
      return Optional.of(new FinishedResponse(head.id(), output));
    } catch (MalformedAnswer | RefusedException unreadable) {
      return Optional.empty();
    }
  }

  private static void append(Span item, Buffer output) {
    Buffer kept = new Item(Arrays.copyOfRange(item.bytes(), item.from(), item.to())).asInput();
    if (kept.length() > 0) {
      output.appendString(output.length() > 0 ? "," : "").appendBuffer(kept);
    }
  }

  /**
   * One item of an answer. Its id names it at a provider that keeps it, and asks for it there:
   * where it is not kept that is an error, so what can do without goes on without. Reasoning that
   * nobody encrypted is nothing but such a name.
   */
  private static final class Item {

    private final byte[] bytes;
    private String type = "";
    private boolean encrypted;
    private Range idMember = Range.ABSENT;

    Item(byte[] bytes) {
      this.bytes = bytes;
      RequestBody.read(Buffer.buffer(bytes), this::read);
    }

    private void read(String name, JsonParser json, int nameStart) throws IOException {
      switch (name) {
        case "type" -> type = Wire.text(json);
        case "encrypted_content" -> encrypted = !Wire.text(json).isEmpty();
        case "id" -> {
          json.skipChildren();
          idMember = new Range(nameStart, Fields.end(json));
        }
        default -> json.skipChildren();
      }
    }

    /** Empty where it says nothing by itself. */
    Buffer asInput() {
      return switch (type) {
        case "reasoning" -> encrypted ? Buffer.buffer(bytes) : Buffer.buffer();
        case "message", "function_call", "custom_tool_call" -> withoutId();
        default -> Buffer.buffer(bytes);
      };
    }

    private Buffer withoutId() {
      Edits edits = new Edits(bytes);
      if (idMember.present()) {
        edits.removeMember(idMember.start(), idMember.end());
      }
      return edits.apply();
    }
  }

  @Override
  public String toString() {
    return "FinishedResponse[" + id + ", " + output.length() + " bytes]";
  }
}
