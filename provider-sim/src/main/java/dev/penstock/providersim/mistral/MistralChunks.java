package dev.penstock.providersim.mistral;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.FillerEvents;
import dev.penstock.providersim.dialect.Gathered;
import dev.penstock.providersim.dialect.Part.Called;
import dev.penstock.providersim.dialect.RandomId;
import dev.penstock.providersim.dialect.Sse;
import dev.penstock.providersim.dialect.StreamShapes;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.script.Step;
import dev.penstock.providersim.script.Utterance;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of one streamed answer (November 2026). Calls are held back and come whole, in the
 * chunk that finishes; usage rides on that chunk too, and on no other. Once a model has thought,
 * its content is a list of chunks, until the plain text that ends it.
 */
final class MistralChunks implements StreamShapes {
  private static final String MARK = "<text>";

  private final MistralId id;
  private final FillerEvents filler;
  private final Gathered calls = new Gathered();
  private boolean thought;

  MistralChunks(MistralId id) {
    this.id = id;
    filler = filler(id);
  }

  @Override
  public Buffer start(Usage prompt) {
    return Sse.data(chunk(id, delta().put("role", "assistant").put("content", ""), null));
  }

  @Override
  public Buffer utter(Utterance utterance) {
    return switch (utterance) {
      case Utterance.Said said -> text(said.text());
      case Utterance.Refused refused -> text(refused.text());
      case Utterance.Thought thoughts -> {
        thought = true;
        yield listed(MistralShapes.thinking(thoughts.text()));
      }
      case Utterance.CallBegun begun -> held(begun);
      case Utterance.CallArguments piece -> held(piece);
    };
  }

  @Override
  public Buffer text(Step.Text step, int first, int count) {
    return thought ? StreamShapes.super.text(step, first, count) : filler.of(step, first, count);
  }

  /** Cut where the text goes, which is behind everything that could look like the mark. */
  private static FillerEvents filler(MistralId id) {
    String chunk = Sse.data(chunk(id, delta().put("content", MARK), null)).toString();
    int at = chunk.lastIndexOf(MARK);
    return new FillerEvents(chunk.substring(0, at), chunk.substring(at + MARK.length()));
  }

  private Buffer text(String text) {
    return thought
        ? listed(MistralShapes.text(text))
        : Sse.data(chunk(id, delta().put("content", text), null));
  }

  private Buffer listed(ObjectNode content) {
    ObjectNode delta = delta();
    delta.putArray("content").add(content);
    return Sse.data(chunk(id, delta, null));
  }

  private Buffer held(Utterance ofCall) {
    calls.add(ofCall);
    return Buffer.buffer();
  }

  @Override
  public Buffer finish(Step.Finish finish, Usage usage) {
    ObjectNode delta = delta().put("content", "");
    List<Called> made = calls.answer(finish).calls();
    if (!made.isEmpty()) {
      ArrayNode whole = delta.putArray("tool_calls");
      made.forEach(call -> whole.add(MistralShapes.call(call)));
    }
    ObjectNode chunk = chunk(id, delta, MistralShapes.reason(finish.reason()));
    if (finish.ending().sendsUsage()) {
      chunk.set("usage", MistralShapes.usage(usage));
    }
    Buffer end = Sse.data(chunk);
    return finish.ending().sendsDone() ? end.appendString(Sse.DONE) : end;
  }

  /** Mistral documents no shape for this; its one error object is the likely one. */
  @Override
  public Buffer failure(Complaint complaint, String requestId) {
    return Sse.data(MistralErrors.body(complaint));
  }

  /** Every chunk has a reason, if only null, and {@code p} against guessing from sizes. */
  private static ObjectNode chunk(MistralId id, ObjectNode delta, @Nullable String finishReason) {
    ObjectNode chunk = id.json("chat.completion.chunk");
    ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.put("finish_reason", finishReason);
    return chunk.put("p", RandomId.of("", 6));
  }

  private static ObjectNode delta() {
    return JsonNodeFactory.instance.objectNode();
  }
}
