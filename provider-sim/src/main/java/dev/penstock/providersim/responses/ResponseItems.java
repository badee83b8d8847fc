package dev.penstock.providersim.responses;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Items of the output, and the parts of their content. */
final class ResponseItems {
  private ResponseItems() {}

  /** Without content yet. */
  static ObjectNode message(String id, String status) {
    ObjectNode item = item("message", id).put("status", status);
    item.putArray("content");
    return item.put("role", "assistant");
  }

  static ObjectNode message(String id, String status, ObjectNode part) {
    ObjectNode item = message(id, status);
    item.withArray("content").add(part);
    return item;
  }

  static ObjectNode text(String text) {
    ObjectNode part = typed("output_text").put("text", text);
    part.putArray("annotations");
    part.putArray("logprobs");
    return part;
  }

  static ObjectNode refusal(String text) {
    return typed("refusal").put("refusal", text);
  }

  static ObjectNode call(Call call, String status, String arguments) {
    return item("function_call", call.id())
        .put("status", status)
        .put("arguments", arguments)
        .put("call_id", call.callId())
        .put("name", call.name());
  }

  /** What names a call: the id of the item, and the one by which its output finds it. */
  record Call(String id, String callId, String name) {}

  /** With what the client asked to see of the thoughts. */
  static ObjectNode reasoning(String id, String thoughts, Shown shown) {
    ObjectNode item = item("reasoning", id);
    item.putArray("summary");
    if (shown.summary() && !thoughts.isEmpty()) {
      item.withArray("summary").add(summary(thoughts));
    }
    if (shown.sealed()) {
      item.put("encrypted_content", SealedThoughts.of(thoughts));
    }
    return item;
  }

  static ObjectNode summary(String text) {
    return typed("summary_text").put("text", text);
  }

  private static ObjectNode item(String type, String id) {
    return JsonNodeFactory.instance.objectNode().put("id", id).put("type", type);
  }

  private static ObjectNode typed(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }
}
