package dev.penstock.dataplane.dialect.mistral;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ErrorShape;
import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.ArgumentsDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelEvent.BlockEnded;
import dev.penstock.dataplane.dialect.ModelEvent.BlockStarted;
import dev.penstock.dataplane.dialect.ModelEvent.Ended;
import dev.penstock.dataplane.dialect.ModelEvent.Failed;
import dev.penstock.dataplane.dialect.ModelEvent.Finished;
import dev.penstock.dataplane.dialect.ModelEvent.KeepAlive;
import dev.penstock.dataplane.dialect.ModelEvent.ReasoningDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Signature;
import dev.penstock.dataplane.dialect.ModelEvent.Started;
import dev.penstock.dataplane.dialect.ModelEvent.TextDelta;
import dev.penstock.dataplane.dialect.ModelEvent.UsageReported;
import dev.penstock.dataplane.dialect.ReasoningMark;
import dev.penstock.dataplane.dialect.ReasoningMark.Kind;
import dev.penstock.dataplane.dialect.json.JsonBody;
import dev.penstock.dataplane.dialect.json.JsonText;
import dev.penstock.dataplane.dialect.openai.chat.ChatForm;
import dev.penstock.dataplane.dialect.openai.chat.GatheredAnswer;
import dev.penstock.dataplane.dialect.openai.chat.ToolWriter;
import dev.penstock.dataplane.dialect.openai.chat.UsageWriter;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Mistral's form of an answer: thoughts as parts of the content, a call whole in one chunk, and
 * finish and usage together in one. Its SDK throws at {@code "usage": null} and where a call has no
 * name, and others do at a chunk without choices.
 */
final class MistralForm implements ChatForm {

  private static final String NO_FINISH = ",\"finish_reason\":null}]}\n\n";

  private final MistralErrors errors = new MistralErrors();
  private final Map<Integer, GatheredAnswer> calls = new HashMap<>();
  private byte[] head = new byte[0]; // up to a delta
  private boolean roleSaid;
  private int callsTold;
  private FinishReason finish = FinishReason.STOP;
  private Optional<Tokens> usage = Optional.empty();

  @Override
  public ErrorShape errors() {
    return errors;
  }

  @Override
  public void start(Started started) {
    head =
        Buffer.buffer("data: {\"id\":")
            .appendBytes(JsonText.quoted(started.id()))
            .appendString(",\"object\":\"chat.completion.chunk\",\"created\":")
            .appendString(Long.toString(started.createdUnixSeconds()))
            .appendString(",\"model\":")
            .appendBytes(JsonText.quoted(started.model()))
            .appendString(",\"choices\":[{\"index\":0,\"delta\":")
            .getBytes();
  }

  @Override
  public void take(ModelEvent event, Buffer out) {
    switch (event) {
      case BlockStarted started -> {
        role(out);
        if (started.content() instanceof Block.ToolCall) {
          gather(started.block(), started);
        }
      }
      case TextDelta delta -> delta("{\"content\":\"", delta.text(), "\"}", out);
      case ReasoningDelta delta ->
          delta(
              "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"",
              delta.text(),
              "\"}]}]}",
              out);
      case ArgumentsDelta delta -> gather(delta.block(), delta);
      case BlockEnded ended -> call(ended.block(), out);
      case UsageReported reported -> usage = Optional.of(reported.tokens());
      case Finished finished -> finish = finished.reason();
      case Started started -> start(started);
      case Signature signature -> signature(signature, out);
      case KeepAlive _, Failed _, Ended _ -> {}
    }
  }

  private void gather(int block, ModelEvent event) {
    calls.computeIfAbsent(block, _ -> new GatheredAnswer()).take(event);
  }

  private void role(Buffer out) {
    if (!roleSaid) {
      roleSaid = true;
      out.appendBytes(head).appendString("{\"role\":\"assistant\",\"content\":\"\"}" + NO_FINISH);
    }
  }

  private void signature(Signature signature, Buffer out) {
    String kept =
        new ReasoningMark(signature.signature(), Kind.SIGNATURE, signature.madeBy())
            .keptBy(Dialect.MISTRAL_CHAT);
    delta(
        "{\"content\":[{\"type\":\"thinking\",\"thinking\":[],\"signature\":\"",
        kept,
        "\"}]}",
        out);
  }

  private void delta(String before, String text, String after, Buffer out) {
    out.appendBytes(head).appendString(before);
    JsonText.append(out, text);
    out.appendString(after).appendString(NO_FINISH);
  }

  private void call(int block, Buffer out) {
    GatheredAnswer gathered = calls.remove(block);
    if (gathered == null) {
      return;
    }
    GatheredAnswer.Call call = gathered.calls().getFirst();
    out.appendBytes(head)
        .appendString("{\"content\":\"\",\"tool_calls\":[{\"id\":")
        .appendBytes(JsonText.quoted(call.id()))
        .appendString(",\"type\":\"function\",\"function\":{\"name\":")
        .appendBytes(JsonText.quoted(call.name()))
        .appendString(",\"arguments\":")
        .appendBytes(JsonText.quoted(call.arguments()))
        .appendString("},\"index\":" + callsTold + "}]}" + NO_FINISH);
    callsTold++;
  }

  @Override
  public Buffer terminal() {
    Buffer out = Buffer.buffer();
    role(out);
    out.appendBytes(head)
        .appendString("{\"content\":\"\"},\"finish_reason\":\"" + word(finish) + "\"}]");
    usage.ifPresent(tokens -> {
      Buffer told = JsonBody.of(json -> UsageWriter.write(json, tokens));
      out.appendString(",").appendBuffer(told, 1, told.length() - 2);
    });
    return out.appendString("}\n\ndata: [DONE]\n\n");
  }

  @Override
  public void choice(JsonGenerator json, GatheredAnswer gathered) throws IOException {
    json.writeObjectFieldStart("message");
    json.writeStringField("role", "assistant");
    content(json, gathered);
    ToolWriter.answered(json, gathered.calls());
    json.writeEndObject();
    json.writeStringField("finish_reason", word(gathered.finish()));
  }

  private static void content(JsonGenerator json, GatheredAnswer gathered) throws IOException {
    String said = gathered.text() + gathered.refusal();
    if (gathered.reasoning().isEmpty()) {
      json.writeStringField("content", said);
      return;
    }
    json.writeArrayFieldStart("content");
    json.writeStartObject();
    json.writeStringField("type", "thinking");
    json.writeArrayFieldStart("thinking");
    text(json, gathered.reasoning());
    json.writeEndArray();
    json.writeEndObject();
    text(json, said);
    json.writeEndArray();
  }

  private static void text(JsonGenerator json, String text) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "text");
    json.writeStringField("text", text);
    json.writeEndObject();
  }

  /** Its SDK wants the object, if with nothing in it where nothing is known. */
  @Override
  public void usage(JsonGenerator json, GatheredAnswer gathered) throws IOException {
    if (gathered.usage().isPresent()) {
      UsageWriter.write(json, gathered.usage().get());
    } else {
      json.writeObjectFieldStart("usage");
      json.writeEndObject();
    }
  }

  private static String word(FinishReason reason) {
    return switch (reason) {
      case STOP, STOP_SEQUENCE, CONTENT_FILTER, PAUSED -> "stop";
      case LENGTH -> "length";
      case CONTEXT_FULL -> "model_length";
      case TOOL_CALLS -> "tool_calls";
    };
  }
}
