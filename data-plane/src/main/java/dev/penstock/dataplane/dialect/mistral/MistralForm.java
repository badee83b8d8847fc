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
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;

/**
 * Mistral's form of an answer: thoughts as parts of the content, and all calls, finish and usage
 * together in the last chunk, as its own models send them. Its SDK throws at {@code "usage": null}
 * and where a call has no name, others at a chunk without choices, and LangChain4j keeps the calls
 * of one chunk alone.
 */
final class MistralForm implements ChatForm {

  /** What the arguments of an answer's calls may have together; no model writes as much. */
  static final int MAX_ARGUMENT_CHARS = 4 << 20;

  /**
   * After so many pieces of arguments, some seconds' worth, the client is told that all is well.
   */
  static final int PIECES_PER_SIGN = 256;

  private static final String NO_FINISH = ",\"finish_reason\":null}]}\n\n";

  private final MistralErrors errors = new MistralErrors();
  private final GatheredAnswer gathered = new GatheredAnswer(); // of its calls only
  private byte[] head = new byte[0]; // up to a delta
  private boolean roleSaid;
  private boolean spoke;
  private int argumentChars;
  private int argumentPieces;
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
        begin(started, out);
      }
      case TextDelta delta -> {
        spoke = true;
        text(delta.text(), out);
      }
      case ReasoningDelta delta ->
          delta(
              "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"",
              delta.text(),
              "\"}]}]}",
              out);
      case ArgumentsDelta delta -> arguments(delta, out);
      case UsageReported reported -> usage = Optional.of(reported.tokens());
      case Finished finished -> finish = finished.reason();
      case Started started -> start(started);
      case Signature signature -> signature(signature, out);
      case BlockEnded _, KeepAlive _, Failed _, Ended _ -> {}
    }
  }

  private void begin(BlockStarted started, Buffer out) {
    switch (started.content()) {
      case Block.ToolCall _ -> gathered.take(started);
      case Block.Refusal _ -> {
        if (spoke) {
          text(" ", out); // the dialect has no field of its own for it
        }
      }
      case Block.Text _, Block.Reasoning _, Block.EncryptedReasoning _ -> {}
    }
  }

  private void text(String text, Buffer out) {
    delta("{\"content\":\"", text, "\"}", out);
  }

  /** Nothing of a call is seen before the end, and proxies cut connections that are silent. */
  private void arguments(ArgumentsDelta delta, Buffer out) {
    argumentChars += delta.json().length();
    if (argumentChars > MAX_ARGUMENT_CHARS) {
      throw Refusal.of(
              Code.UPSTREAM_ERROR,
              "The provider's calls have more than %d characters of arguments."
                  .formatted(MAX_ARGUMENT_CHARS))
          .toException();
    }
    gathered.take(delta);
    argumentPieces++;
    if (argumentPieces % PIECES_PER_SIGN == 0) {
      out.appendString(": keep-alive\n\n");
    }
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

  @Override
  public Buffer terminal() {
    Buffer out = Buffer.buffer();
    role(out);
    out.appendBytes(head).appendString("{\"content\":\"\"");
    calls(out);
    out.appendString("},\"finish_reason\":\"" + word(finish) + "\"}]");
    usage.ifPresent(tokens -> {
      Buffer told = JsonBody.of(json -> UsageWriter.write(json, tokens));
      out.appendString(",").appendBuffer(told, 1, told.length() - 2);
    });
    return out.appendString("}\n\ndata: [DONE]\n\n");
  }

  private void calls(Buffer out) {
    String before = ",\"tool_calls\":[{\"id\":";
    int index = 0;
    for (GatheredAnswer.Call call : gathered.calls()) {
      out.appendString(before)
          .appendBytes(JsonText.quoted(call.id()))
          .appendString(",\"type\":\"function\",\"function\":{\"name\":")
          .appendBytes(JsonText.quoted(call.name()))
          .appendString(",\"arguments\":")
          .appendBytes(JsonText.quoted(call.arguments()))
          .appendString("},\"index\":" + index + "}");
      before = ",{\"id\":";
      index++;
    }
    if (index > 0) {
      out.appendString("]");
    }
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
    String said = gathered.said();
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
