package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ReasoningMark;
import dev.penstock.dataplane.dialect.ReasoningMark.Kind;
import java.io.IOException;

/** One item of the output that a client is sent: what a block has become, as far as it is told. */
final class WrittenItem {

  static final String IN_PROGRESS = "in_progress";
  static final String COMPLETED = "completed";
  static final String INCOMPLETE = "incomplete";

  private final int index;
  private final Block content;
  private final String id;
  private final StringBuilder text = new StringBuilder();
  private String encrypted = "";
  private String status = IN_PROGRESS;

  WrittenItem(int index, Block content, String answerId) {
    this.index = index;
    this.content = content;
    this.id = prefix(content) + answerId + "_" + index;
    if (content instanceof Block.EncryptedReasoning reasoning) {
      prove(new ReasoningMark(reasoning.content(), Kind.ENCRYPTED, reasoning.madeBy()));
    }
  }

  private static String prefix(Block content) {
    return switch (content) {
      case Block.Text _, Block.Refusal _ -> "msg_";
      case Block.Reasoning _, Block.EncryptedReasoning _ -> "rs_";
      case Block.ToolCall _ -> "fc_";
    };
  }

  int index() {
    return index;
  }

  Block content() {
    return content;
  }

  String id() {
    return id;
  }

  /** All that it says by now: a text, thoughts or a call's arguments. */
  String text() {
    return text.toString();
  }

  boolean isEmpty() {
    return text.isEmpty();
  }

  void add(String delta) {
    text.append(delta);
  }

  void prove(ReasoningMark mark) {
    encrypted = mark.keptBy(Dialect.OPENAI_RESPONSES);
  }

  boolean isOpen() {
    return status.equals(IN_PROGRESS);
  }

  void end(String withStatus) {
    status = withStatus;
  }

  /** The item as it is now; what it says stands in it only at its end. */
  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    switch (content) {
      case Block.Text _, Block.Refusal _ -> message(json);
      case Block.ToolCall call -> call(json, call);
      case Block.Reasoning _, Block.EncryptedReasoning _ -> reasoning(json);
    }
    json.writeEndObject();
  }

  private void message(JsonGenerator json) throws IOException {
    json.writeStringField("type", "message");
    json.writeStringField("status", status);
    json.writeStringField("role", "assistant");
    json.writeArrayFieldStart("content");
    if (!isOpen()) {
      part(json, text());
    }
    json.writeEndArray();
  }

  /** A content part of a message, or a part of a summary. */
  void part(JsonGenerator json, String says) throws IOException {
    json.writeStartObject();
    switch (content) {
      case Block.Refusal _ -> {
        json.writeStringField("type", "refusal");
        json.writeStringField("refusal", says);
      }
      case Block.Reasoning _, Block.EncryptedReasoning _ -> {
        json.writeStringField("type", "summary_text");
        json.writeStringField("text", says);
      }
      case Block.Text _, Block.ToolCall _ -> {
        json.writeStringField("type", "output_text");
        json.writeStringField("text", says);
        empty(json, "annotations");
        empty(json, "logprobs");
      }
    }
    json.writeEndObject();
  }

  static void empty(JsonGenerator json, String array) throws IOException {
    json.writeArrayFieldStart(array);
    json.writeEndArray();
  }

  private void call(JsonGenerator json, Block.ToolCall call) throws IOException {
    json.writeStringField("type", "function_call");
    json.writeStringField("status", status);
    json.writeStringField("arguments", isOpen() ? "" : text());
    json.writeStringField("call_id", call.id());
    json.writeStringField("name", call.name());
  }

  private void reasoning(JsonGenerator json) throws IOException {
    json.writeStringField("type", "reasoning");
    json.writeArrayFieldStart("summary");
    if (!isOpen() && !isEmpty()) {
      part(json, text());
    }
    json.writeEndArray();
    if (!isOpen() && !encrypted.isEmpty()) {
      json.writeStringField("encrypted_content", encrypted);
    }
  }
}
