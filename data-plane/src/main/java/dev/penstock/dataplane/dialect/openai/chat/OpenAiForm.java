package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonGenerator;
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
import dev.penstock.dataplane.dialect.json.JsonBody;
import dev.penstock.dataplane.dialect.json.JsonText;
import dev.penstock.dataplane.dialect.openai.ChatErrors;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's form of an answer, and its chunks in the form that all SDKs read: the role first; a
 * finish with an empty delta; then usage in a chunk of its own without choices, as openai-java
 * refuses it beside a finish; then {@code [DONE]}.
 */
final class OpenAiForm implements ChatForm {

  private static final class Call {
    final int index;
    boolean silent = true;

    Call(int index) {
      this.index = index;
    }
  }

  private static final ChatErrors ERRORS = new ChatErrors();

  private final boolean usageAsked;
  private final Map<Integer, Call> calls = new HashMap<>();
  private final Map<Integer, Block> blocks = new HashMap<>();
  private byte[] answer = new byte[0]; // the members that every chunk has
  private byte[] head = new byte[0]; // up to a delta
  private final byte[] tail; // from after a delta
  private boolean roleSaid;
  private FinishReason finish = FinishReason.STOP;
  private Optional<Tokens> usage = Optional.empty();

  OpenAiForm(boolean usageAsked) {
    this.usageAsked = usageAsked;
    this.tail = bytes(",\"logprobs\":null,\"finish_reason\":null}]" + noUsage() + "}\n\n");
  }

  private String noUsage() {
    return usageAsked ? ",\"usage\":null" : "";
  }

  @Override
  public ErrorShape errors() {
    return ERRORS;
  }

  @Override
  public void start(Started started) {
    Buffer members =
        Buffer.buffer("data: {\"id\":")
            .appendBytes(JsonText.quoted(started.id()))
            .appendString(",\"object\":\"chat.completion.chunk\",\"created\":")
            .appendString(Long.toString(started.createdUnixSeconds()))
            .appendString(",\"model\":")
            .appendBytes(JsonText.quoted(started.model()));
    answer = members.getBytes();
    head = members.appendString(",\"choices\":[{\"index\":0,\"delta\":").getBytes();
  }

  @Override
  public void take(ModelEvent event, Buffer out) {
    switch (event) {
      case BlockStarted started -> start(started.block(), started.content(), out);
      case TextDelta delta -> {
        boolean refusal = blocks.get(delta.block()) instanceof Block.Refusal;
        text(refusal ? "{\"refusal\":" : "{\"content\":", delta.text(), out);
      }
      case ReasoningDelta delta -> reasoning(delta.text(), out);
      case ArgumentsDelta delta -> arguments(calls.get(delta.block()), delta.json(), out);
      case BlockEnded ended -> end(ended.block(), out);
      case UsageReported reported -> usage = Optional.of(reported.tokens());
      case Finished finished -> finish = finished.reason();
      case Started started -> start(started);
      case KeepAlive _, Signature _, Failed _, Ended _ -> {}
    }
  }

  private void start(int block, Block content, Buffer out) {
    blocks.put(block, content);
    switch (content) {
      case Block.Text _, Block.Reasoning _ -> role("\"content\":\"\",\"refusal\":null", out);
      case Block.Refusal _ -> role("\"content\":null,\"refusal\":\"\"", out);
      case Block.ToolCall call -> {
        role("\"content\":null,\"refusal\":null", out);
        call(block, call, out);
      }
      case Block.EncryptedReasoning _ -> {}
    }
  }

  private void role(String content, Buffer out) {
    if (!roleSaid) {
      roleSaid = true;
      out.appendBytes(head)
          .appendString("{\"role\":\"assistant\"," + content + "}")
          .appendBytes(tail);
    }
  }

  private void text(String member, String text, Buffer out) {
    out.appendBytes(head).appendString(member).appendByte((byte) '"');
    JsonText.append(out, text);
    out.appendString("\"}").appendBytes(tail);
  }

  /** There is no official name; clients read one of these two. */
  private void reasoning(String text, Buffer out) {
    byte[] quoted = JsonText.quoted(text);
    out.appendBytes(head)
        .appendString("{\"reasoning_content\":")
        .appendBytes(quoted)
        .appendString(",\"reasoning\":")
        .appendBytes(quoted)
        .appendString("}")
        .appendBytes(tail);
  }

  private void call(int block, Block.ToolCall call, Buffer out) {
    Call started = new Call(calls.size());
    calls.put(block, started);
    out.appendBytes(head)
        .appendString("{\"tool_calls\":[{\"index\":" + started.index + ",\"id\":")
        .appendBytes(JsonText.quoted(call.id()))
        .appendString(",\"type\":\"function\",\"function\":{\"name\":")
        .appendBytes(JsonText.quoted(call.name()))
        .appendString(",\"arguments\":\"\"}}]}")
        .appendBytes(tail);
  }

  private void arguments(@Nullable Call call, String json, Buffer out) {
    if (call == null || json.isEmpty()) {
      return;
    }
    call.silent = false;
    out.appendBytes(head)
        .appendString("{\"tool_calls\":[{\"index\":" + call.index + ",\"function\":{\"arguments\":")
        .appendBytes(JsonText.quoted(json))
        .appendString("}}]}")
        .appendBytes(tail);
  }

  /** A call without arguments still has an object of them: clients parse what they are given. */
  private void end(int block, Buffer out) {
    Call call = calls.get(block);
    if (call != null && call.silent) {
      arguments(call, "{}", out);
    }
  }

  @Override
  public Buffer terminal() {
    Buffer out = Buffer.buffer();
    role("\"content\":\"\",\"refusal\":null", out);
    out.appendBytes(head)
        .appendString("{},\"logprobs\":null,\"finish_reason\":\"")
        .appendString(word(finish))
        .appendString("\"}]" + noUsage() + "}\n\n");
    if (usageAsked && usage.isPresent()) {
      Tokens tokens = usage.get();
      Buffer told = JsonBody.of(json -> UsageWriter.write(json, tokens));
      out.appendBytes(answer)
          .appendString(",\"choices\":[],")
          .appendBuffer(told, 1, told.length() - 1)
          .appendString("\n\n");
    }
    return out.appendString("data: [DONE]\n\n");
  }

  @Override
  public void choice(JsonGenerator json, GatheredAnswer gathered) throws IOException {
    json.writeObjectFieldStart("message");
    message(json, gathered);
    json.writeEndObject();
    json.writeNullField("logprobs");
    json.writeStringField("finish_reason", word(gathered.finish()));
  }

  private static void message(JsonGenerator json, GatheredAnswer gathered) throws IOException {
    boolean otherwise = !gathered.calls().isEmpty() || !gathered.refusal().isEmpty();
    boolean silent = gathered.text().isEmpty() && otherwise;
    json.writeStringField("role", "assistant");
    json.writeStringField("content", silent ? null : gathered.text());
    json.writeStringField("refusal", gathered.refusal().isEmpty() ? null : gathered.refusal());
    if (!gathered.reasoning().isEmpty()) {
      json.writeStringField("reasoning_content", gathered.reasoning());
      json.writeStringField("reasoning", gathered.reasoning());
    }
    ToolWriter.answered(json, gathered.calls());
  }

  @Override
  public void usage(JsonGenerator json, GatheredAnswer gathered) throws IOException {
    if (gathered.usage().isPresent()) {
      UsageWriter.write(json, gathered.usage().get());
    }
  }

  private static String word(FinishReason reason) {
    return switch (reason) {
      case STOP, STOP_SEQUENCE, PAUSED -> "stop";
      case LENGTH, CONTEXT_FULL -> "length";
      case TOOL_CALLS -> "tool_calls";
      case CONTENT_FILTER -> "content_filter";
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
