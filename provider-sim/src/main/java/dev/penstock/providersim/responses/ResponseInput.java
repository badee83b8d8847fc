package dev.penstock.providersim.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the items of the input, and that every call has its output; counts their text. */
final class ResponseInput {
  private static final Set<String> ROLES = Set.of("user", "assistant", "system", "developer");
  private static final Set<String> ITEMS =
      Set.of("message", "function_call", "function_call_output", "reasoning");
  private static final Set<String> SAID = Set.of("output_text", "refusal");
  private static final Set<String> HEARD = Set.of("input_text", "input_image", "input_file");

  private final Set<String> open = new HashSet<>();

  private ResponseInput() {}

  static long textBytes(RequestFields request) throws Rejection {
    JsonNode input = request.node("input");
    if (input.isTextual()) {
      return RequestFields.utf8(input.textValue());
    }
    List<RequestFields> items = request.needObjects("input");
    if (items.isEmpty()) {
      throw request.wrongValue("input", "a string or a non-empty array of items");
    }
    ResponseInput reader = new ResponseInput();
    long bytes = 0;
    for (RequestFields item : items) {
      bytes += reader.itemBytes(item);
    }
    if (!reader.open.isEmpty()) {
      throw Rejection.badRequest(
          "No tool output found for function call " + reader.open.iterator().next() + ".",
          "input",
          null);
    }
    return bytes;
  }

  /** An item with a role is a message, also if it does not say so. */
  private long itemBytes(RequestFields item) throws Rejection {
    String type = item.has("role") && !item.has("type") ? "message" : item.needOneOf("type", ITEMS);
    return switch (type) {
      case "message" -> messageBytes(item);
      case "function_call" -> {
        item.needText("name");
        item.needText("arguments");
        open.add(item.needText("call_id"));
        yield 0;
      }
      case "function_call_output" -> outputBytes(item);
      default -> reasoning(item);
    };
  }

  private static long messageBytes(RequestFields message) throws Rejection {
    String role = message.needOneOf("role", ROLES);
    if (message.node("content").isTextual()) {
      return RequestFields.utf8(message.needText("content"));
    }
    return partBytes(message, "content", role.equals("assistant") ? SAID : HEARD);
  }

  private static long partBytes(RequestFields owner, String field, Set<String> types)
      throws Rejection {
    long bytes = 0;
    for (RequestFields part : owner.needObjects(field)) {
      String type = part.needOneOf("type", types);
      if (type.equals("input_image") && !part.has("image_url") && !part.has("file_id")) {
        throw part.missing("image_url");
      }
      boolean text = type.equals("input_text") || type.equals("output_text");
      bytes += text ? RequestFields.utf8(part.needText("text")) : 0;
    }
    return bytes;
  }

  private long outputBytes(RequestFields output) throws Rejection {
    String id = output.needText("call_id");
    if (!open.remove(id)) {
      throw Rejection.badRequest(
          "No tool call found for function call output with call_id " + id + ".", "input", null);
    }
    return output.node("output").isTextual()
        ? RequestFields.utf8(output.needText("output"))
        : partBytes(output, "output", HEARD);
  }

  /** Nothing is stored here, so that thoughts have to bring themselves along. */
  private static long reasoning(RequestFields item) throws Rejection {
    item.needObjects("summary");
    if (!item.has("encrypted_content")) {
      throw Rejection.of(
          404, "Item with id '" + item.text("id").orElse("") + "' not found.", item.place(), null);
    }
    if (!SealedThoughts.areOurs(item.needText("encrypted_content"))) {
      throw Rejection.badRequest(
          "The encrypted content could not be verified.",
          item.at("encrypted_content"),
          "invalid_encrypted_content");
    }
    return 0;
  }
}
