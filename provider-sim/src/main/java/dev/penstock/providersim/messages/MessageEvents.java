package dev.penstock.providersim.messages;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.penstock.providersim.dialect.FillerEvents;
import dev.penstock.providersim.dialect.Sse;
import dev.penstock.providersim.dialect.StreamShapes;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.script.Step;
import dev.penstock.providersim.script.Utterance;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The events of one streamed message, each named by its type (November 2026).
 *
 * <p>Blocks come one after the other, numbered from 0 without gaps: an utterance of another kind
 * closes the block before it. Thoughts are sealed as they close. The first usage has a placeholder
 * for the output; the last one is the whole truth.
 */
final class MessageEvents implements StreamShapes {
  private static final long PLACEHOLDER_TOKENS = 1;
  private static final String PING = "event: ping\ndata: {\"type\": \"ping\"}\n\n";

  private final MessageId id;
  private final Display display;
  private final StringBuilder thoughts = new StringBuilder();
  private @Nullable Block open;
  private int nextIndex;
  private @Nullable FillerEvents filler;
  private int fillerIndex;
  private boolean pinged;
  private boolean refused;

  private enum Block {
    TEXT,
    THINKING,
    TOOL_USE
  }

  MessageEvents(MessageId id, Display display) {
    this.id = id;
    this.display = display;
  }

  @Override
  public Buffer start(Usage prompt) {
    ObjectNode start = typed("message_start");
    ObjectNode message = WholeMessage.begun(id);
    message.putArray("content");
    message.putNull("stop_reason").putNull("stop_sequence");
    message.set("usage", AnthropicUsage.json(prompt.answeredWith(PLACEHOLDER_TOKENS, 0)));
    start.set("message", message);
    return event(start);
  }

  @Override
  public Buffer utter(Utterance utterance) {
    return switch (utterance) {
      case Utterance.Said said -> text(said.text());
      case Utterance.Refused words -> {
        refused = true;
        yield text(words.text());
      }
      case Utterance.Thought thought -> thought(thought.text());
      case Utterance.CallBegun begun -> toolUse(begun);
      case Utterance.CallArguments piece ->
          piece.json().isEmpty()
              ? Buffer.buffer()
              : delta("input_json_delta", "partial_json", piece.json());
    };
  }

  @Override
  public Buffer text(Step.Text step, int first, int count) {
    Buffer opened = opened(Block.TEXT, block("text").put("text", ""));
    if (filler == null || fillerIndex != nextIndex) {
      fillerIndex = nextIndex;
      filler =
          new FillerEvents(
              "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"
                  + nextIndex
                  + ",\"delta\":{\"type\":\"text_delta\",\"text\":\"",
              "\"}}\n\n");
    }
    return opened.appendBuffer(filler.of(step, first, count));
  }

  private Buffer thought(String text) {
    Buffer opened =
        opened(Block.THINKING, block("thinking").put("thinking", "").put("signature", ""));
    thoughts.append(text);
    return switch (display) {
      case TEXT -> opened.appendBuffer(delta("thinking_delta", "thinking", text));
      case OMITTED -> opened;
    };
  }

  private Buffer text(String text) {
    return opened(Block.TEXT, block("text").put("text", ""))
        .appendBuffer(delta("text_delta", "text", text));
  }

  /** Anthropic sends an empty piece of arguments first, and for a call without any only that. */
  private Buffer toolUse(Utterance.CallBegun begun) {
    Buffer closed = closed();
    ObjectNode block =
        block("tool_use").put("id", MessageId.toolUse(begun.id())).put("name", begun.name());
    block.putObject("input");
    return closed
        .appendBuffer(opened(Block.TOOL_USE, block))
        .appendBuffer(delta("input_json_delta", "partial_json", ""));
  }

  private Buffer opened(Block kind, ObjectNode block) {
    if (open == kind) {
      return Buffer.buffer();
    }
    Buffer events = closed();
    open = kind;
    ObjectNode start = typed("content_block_start").put("index", nextIndex);
    start.set("content_block", block);
    events.appendBuffer(event(start));
    if (!pinged) {
      pinged = true;
      events.appendString(PING);
    }
    return events;
  }

  private Buffer closed() {
    if (open == null) {
      return Buffer.buffer();
    }
    Buffer events = Buffer.buffer();
    if (open == Block.THINKING) {
      events.appendBuffer(delta("signature_delta", "signature", display.seal(thoughts.toString())));
      thoughts.setLength(0);
    }
    events.appendBuffer(event(typed("content_block_stop").put("index", nextIndex)));
    open = null;
    nextIndex++;
    return events;
  }

  @Override
  public Buffer finish(Step.Finish finish, Usage usage) {
    Buffer events = closed();
    ObjectNode end = typed("message_delta");
    Stop.of(finish, refused ? Stop.Spoken.REFUSING : Stop.Spoken.WILLINGLY)
        .into(end.putObject("delta"));
    if (finish.ending().sendsUsage()) {
      end.set("usage", AnthropicUsage.json(usage));
    }
    events.appendBuffer(event(end));
    return finish.ending().sendsDone() ? events.appendBuffer(event(typed("message_stop"))) : events;
  }

  @Override
  public Buffer failure(Complaint complaint, String requestId) {
    return Sse.named("error", AnthropicErrors.body(complaint, requestId));
  }

  /** Most of a stream is this one event, so it is not built as a tree. */
  private Buffer delta(String type, String field, String value) {
    return Buffer.buffer(
        """
        event: content_block_delta
        data: {"type":"content_block_delta","index":%d,"delta":{"type":"%s","%s":%s}}

        """
            .formatted(nextIndex, type, field, TextNode.valueOf(value)));
  }

  private static ObjectNode block(String type) {
    return typed(type);
  }

  private static ObjectNode typed(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static Buffer event(ObjectNode data) {
    return Sse.named(data.path("type").asText(), data);
  }
}
