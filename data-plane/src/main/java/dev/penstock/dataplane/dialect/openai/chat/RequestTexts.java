package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Goes through all that a request says: every string and every field name, wherever it stands, so
 * that no field that a provider adds one day is a way around a guard. Left out are the model's
 * name, the client's id of a WebSocket message and the ids that tie a tool's answer to its call:
 * they are names that must not change, and no text.
 */
final class RequestTexts implements TextVisitor.Place {

  private static final Set<String> OPAQUE = Set.of("image_url", "input_audio", "file");

  /** Names of the API that a path may show. */
  private static final Set<String> KNOWN =
      Set.of(
          "messages",
          "content",
          "text",
          "refusal",
          "name",
          "role",
          "type",
          "tool_calls",
          "function_call",
          "function",
          "custom",
          "input",
          "arguments",
          "image_url",
          "url",
          "detail",
          "input_audio",
          "audio",
          "data",
          "format",
          "file",
          "file_data",
          "file_id",
          "filename",
          "tools",
          "functions",
          "description",
          "parameters",
          "tool_choice",
          "response_format",
          "json_schema",
          "schema",
          "stop",
          "user",
          "metadata",
          "prediction",
          "web_search_options");

  private final JsonParser json;
  private final boolean isMessage;
  private final TextVisitor visitor;

  RequestTexts(JsonParser json, boolean isMessage, TextVisitor visitor) {
    this.json = json;
    this.isMessage = isMessage;
    this.visitor = visitor;
  }

  void visit() throws IOException {
    JsonToken token;
    while ((token = json.nextToken()) != null) {
      if (token == JsonToken.FIELD_NAME) {
        name();
      } else if (token == JsonToken.VALUE_STRING) {
        value();
      }
    }
  }

  private void name() throws IOException {
    String name = json.currentName();
    if (!KNOWN.contains(name)) {
      visitor.text(this, name);
    } else if (OPAQUE.contains(name) && isPart(json.getParsingContext())) {
      visitor.opaque(this);
    }
  }

  private void value() throws IOException {
    JsonStreamContext context = json.getParsingContext();
    if (!isId(context) && !isInlineData(context)) {
      visitor.text(this, json.getText());
    }
  }

  /** Whether an object is a part of a message's content: {@code messages[i].content[j]}. */
  private static boolean isPart(JsonStreamContext object) {
    JsonStreamContext list = object.getParent();
    JsonStreamContext message = list == null ? null : list.getParent();
    return list != null
        && list.inArray()
        && message != null
        && "content".equals(message.getCurrentName())
        && isMessage(message);
  }

  private static boolean isMessage(JsonStreamContext object) {
    JsonStreamContext list = object.getParent();
    JsonStreamContext root = list == null ? null : list.getParent();
    return list != null
        && list.inArray()
        && root != null
        && isRoot(root)
        && "messages".equals(root.getCurrentName());
  }

  private static boolean isRoot(JsonStreamContext object) {
    JsonStreamContext outside = object.getParent();
    return object.inObject() && (outside == null || outside.inRoot());
  }

  private boolean isId(JsonStreamContext object) {
    String name = object.getCurrentName();
    if (name == null) {
      return false;
    }
    return switch (name) {
      case "model" -> isRoot(object);
      case "tool_call_id" -> isMessage(object);
      case "id" -> (isMessage && isRoot(object)) || isCall(object);
      default -> false;
    };
  }

  /** Whether an object is {@code messages[i].tool_calls[j]}. */
  private static boolean isCall(JsonStreamContext object) {
    JsonStreamContext list = object.getParent();
    JsonStreamContext message = list == null ? null : list.getParent();
    return list != null
        && list.inArray()
        && message != null
        && "tool_calls".equals(message.getCurrentName())
        && isMessage(message);
  }

  /**
   * An image, sound or file in base64, which is told of as opaque: changing it would destroy it.
   */
  private boolean isInlineData(JsonStreamContext object) throws IOException {
    String name = object.getCurrentName();
    JsonStreamContext part = object.getParent();
    if (name == null || part == null || !part.inObject() || !isPart(part)) {
      return false;
    }
    String member = String.valueOf(part.getCurrentName());
    return switch (name) {
      case "url" -> member.equals("image_url") && json.getText().startsWith("data:");
      case "data" -> member.equals("input_audio");
      case "file_data" -> member.equals("file");
      default -> false;
    };
  }

  @Override
  public String path() {
    Deque<JsonStreamContext> contexts = new ArrayDeque<>();
    @Nullable JsonStreamContext context = json.getParsingContext();
    while (context != null && !context.inRoot()) {
      contexts.push(context);
      context = context.getParent();
    }
    StringBuilder path = new StringBuilder();
    for (JsonStreamContext each : contexts) {
      String name = each.getCurrentName();
      if (each.inArray()) {
        path.append('[').append(each.getCurrentIndex()).append(']');
      } else if (name != null && KNOWN.contains(name)) {
        path.append(path.isEmpty() ? "" : ".").append(name);
      } else {
        break;
      }
    }
    return path.toString();
  }

  @Override
  public boolean isValue() {
    return json.currentToken() == JsonToken.VALUE_STRING;
  }

  @Override
  public int start() {
    return Math.toIntExact(json.currentTokenLocation().getByteOffset());
  }
}
