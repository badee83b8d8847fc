package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.AnswerEncoder;
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
import dev.penstock.dataplane.dialect.json.JsonBody;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a whole answer, for a client that asked for no stream. */
final class WholeWriter implements AnswerEncoder {

  /** How long an answer may be, in characters; no model says as much. */
  static final int MAX_LENGTH = 32 << 20;

  private static final int BLOCK_LENGTH = 128; // what an empty block counts for

  private static final class Grown {
    final Block content;
    final StringBuilder text = new StringBuilder();
    String signature = "";

    Grown(Block content) {
      this.content = content;
    }
  }

  private final String answerId;
  private final String modelAsked;
  private final Map<Integer, Grown> blocks = new LinkedHashMap<>();
  private int length;
  private String id = "";
  private String model = "";
  private Tokens usage = Tokens.NONE;
  private @Nullable Finished finished;

  WholeWriter(String answerId, String modelAsked) {
    this.answerId = answerId;
    this.modelAsked = modelAsked;
  }

  @Override
  public void event(ModelEvent event, Buffer out) {
    switch (event) {
      case Started start -> {
        id = start.id();
        model = start.model();
      }
      case UsageReported report -> usage = report.tokens();
      case BlockStarted block -> {
        grow(length(block.content()));
        blocks.put(block.block(), new Grown(block.content()));
      }
      case TextDelta delta -> add(delta.block(), delta.text());
      case ReasoningDelta delta -> add(delta.block(), delta.text());
      case ArgumentsDelta delta -> add(delta.block(), delta.json());
      case Signature signature -> sign(signature);
      case Finished end -> finished = end;
      case KeepAlive _, BlockEnded _, Failed _, Ended _ -> {}
    }
  }

  private static int length(Block content) {
    return content instanceof Block.EncryptedReasoning hidden
        ? BLOCK_LENGTH + hidden.content().length()
        : BLOCK_LENGTH;
  }

  private void add(int block, String text) {
    Grown grown = blocks.get(block);
    if (grown != null) {
      grow(text.length());
      grown.text.append(text);
    }
  }

  private void sign(Signature signature) {
    Grown grown = blocks.get(signature.block());
    if (grown != null) {
      grow(signature.signature().length());
      grown.signature = Frames.kept(signature);
    }
  }

  private void grow(int characters) {
    length += characters;
    if (length > MAX_LENGTH) {
      throw unusable("The provider's answer is larger than " + MAX_LENGTH + " characters.");
    }
  }

  private static RuntimeException unusable(String message) {
    return Refusal.of(Code.UPSTREAM_ERROR, message).toException();
  }

  @Override
  public Buffer whole() {
    Finished end = finished;
    if (end == null) {
      throw new IllegalStateException("the answer has not finished");
    }
    return JsonBody.of(json -> {
      json.writeStringField("id", id.isEmpty() ? answerId : id);
      json.writeStringField("type", "message");
      json.writeStringField("role", "assistant");
      json.writeStringField("model", model.isEmpty() ? modelAsked : model);
      json.writeArrayFieldStart("content");
      for (Grown block : blocks.values()) {
        write(json, block, end.reason());
      }
      json.writeEndArray();
      json.writeRaw("," + Stop.of(end, explanation()).members());
      json.writeRaw(",\"usage\":" + Frames.usage(usage));
    });
  }

  private String explanation() {
    StreamWriter.Explanation explanation = new StreamWriter.Explanation();
    blocks.forEach((number, block) -> {
      if (block.content instanceof Block.Refusal) {
        explanation.start(new BlockStarted(number, block.content));
        explanation.add(new TextDelta(number, block.text.toString()));
      }
    });
    return explanation.text();
  }

  private static void write(JsonGenerator json, Grown block, FinishReason reason)
      throws IOException {
    switch (block.content) {
      case Block.Text _, Block.Refusal _ -> {
        start(json, "text");
        json.writeStringField("text", block.text.toString());
        json.writeEndObject();
      }
      case Block.Reasoning _ -> {
        start(json, "thinking");
        json.writeStringField("thinking", block.text.toString());
        json.writeStringField("signature", block.signature);
        json.writeEndObject();
      }
      case Block.EncryptedReasoning hidden -> {
        start(json, "redacted_thinking");
        json.writeStringField("data", Frames.kept(hidden));
        json.writeEndObject();
      }
      case Block.ToolCall call -> writeCall(json, call, block.text.toString(), reason);
    }
  }

  private static void start(JsonGenerator json, String type) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", type);
  }

  /**
   * Arguments are an object here, so a call that the limit on tokens has cut cannot be told: it is
   * left out, and the reason for stopping says why.
   */
  private static void writeCall(
      JsonGenerator json, Block.ToolCall call, String arguments, FinishReason reason)
      throws IOException {
    boolean cut = reason == FinishReason.LENGTH || reason == FinishReason.CONTEXT_FULL;
    if (!JsonObjects.isObject(arguments)) {
      if (cut) {
        return;
      }
      throw unusable("The provider's answer calls a tool with arguments that are no JSON object.");
    }
    start(json, "tool_use");
    json.writeStringField("id", call.id());
    json.writeStringField("name", call.name());
    json.writeFieldName("input");
    JsonObjects.copy(arguments, json);
    json.writeEndObject();
  }

  @Override
  public Buffer terminal() {
    throw new IllegalStateException("the request asks for no stream");
  }

  @Override
  public Buffer failure(Refusal refusal, String requestId) {
    return new MessagesErrors().body(refusal, requestId);
  }

  @Override
  public Buffer keepAlive() {
    return Buffer.buffer();
  }
}
