package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.FieldReader;
import dev.penstock.dataplane.dialect.ModelRequest.CacheMark;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.dialect.ReasoningMark;
import dev.penstock.dataplane.dialect.ReasoningMark.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the blocks of a message. A block that no other dialect could carry is noted and left. */
final class BlockReader {

  private final ApiVersion version;

  BlockReader(ApiVersion version) {
    this.version = version;
  }

  static boolean isText(FieldReader owner, String field) {
    return owner.node(field).filter(JsonNode::isTextual).isPresent();
  }

  /** The blocks of a field that must be there. */
  static List<FieldReader> list(FieldReader owner, String field) {
    if (!owner.has(field)) {
      throw owner.wrong(field, "is missing; it must be a string or an array of blocks");
    }
    return owner.objects(field);
  }

  /** A string, or blocks of text and of nothing else. */
  List<Part> texts(FieldReader owner, String field) {
    if (isText(owner, field)) {
      return List.of(new Part.Text(owner.requiredText(field), Optional.empty()));
    }
    List<Part> parts = new ArrayList<>();
    for (FieldReader block : list(owner, field)) {
      if (!"text".equals(block.requiredText("type"))) {
        throw block.wrong("type", "must be text");
      }
      parts.add(text(block));
    }
    return parts;
  }

  private Part text(FieldReader block) {
    String text = block.requiredText("text");
    Optional<CacheMark> mark = CacheMarks.read(block);
    if (!block.elements("citations").isEmpty()) {
      block.note(Feature.UNKNOWN_FIELD, "citations");
    }
    block.noteUnknown();
    return new Part.Text(text, mark);
  }

  /** A block of a user's turn other than a tool's result. */
  Optional<Part> userPart(FieldReader block) {
    return switch (block.requiredText("type")) {
      case "text" -> {
        if (version == ApiVersion.V2026_10_21 && block.has("citations")) {
          throw block.wrong(
              "citations", "is not taken on a user's text in version 2026-10-21 of the API");
        }
        yield Optional.of(text(block));
      }
      case "image" -> SourceReader.image(block);
      case "document" -> SourceReader.document(block);
      default -> unknown(block);
    };
  }

  private static Optional<Part> unknown(FieldReader block) {
    block.note(Feature.UNKNOWN_FIELD, "type");
    return Optional.empty();
  }

  /** What a tool answered, as a turn of its own. */
  Turn toolResult(FieldReader block) {
    String callId = block.requiredText("tool_use_id");
    boolean isError = block.flag("is_error").orElse(false);
    if (isError) {
      block.note(Feature.TOOL_RESULT_ERROR, "is_error");
    }
    List<Part> parts =
        CacheMarks.markLast(
            block.has("content") ? results(block) : List.of(), CacheMarks.read(block));
    block.noteUnknown();
    return new Turn.ToolResult(callId, parts, isError, block.path());
  }

  private List<Part> results(FieldReader block) {
    if (isText(block, "content")) {
      return texts(block, "content");
    }
    List<Part> parts = new ArrayList<>();
    for (FieldReader item : block.objects("content")) {
      switch (item.requiredText("type")) {
        case "text" -> parts.add(text(item));
        case "image" -> {
          item.note(Feature.IMAGE_IN_TOOL_RESULT, "source");
          SourceReader.image(item).ifPresent(parts::add);
        }
        default -> unknown(item);
      }
    }
    return parts;
  }

  /** The content of an assistant's turn. */
  List<Part> assistant(FieldReader message) {
    if (isText(message, "content")) {
      return texts(message, "content");
    }
    List<Part> parts = new ArrayList<>();
    for (FieldReader block : list(message, "content")) {
      assistantPart(block).ifPresent(parts::add);
    }
    return parts;
  }

  private Optional<Part> assistantPart(FieldReader block) {
    String type = block.requiredText("type");
    return switch (type) {
      case "text" -> Optional.of(text(block));
      case "tool_use" -> Optional.of(toolCall(block));
      case "thinking" -> Optional.of(thought(block));
      case "redacted_thinking" -> Optional.of(encryptedThought(block));
      case "document" -> {
        if (version == ApiVersion.V2026_10_21) {
          throw block.wrong("type", "must not be document in an assistant's turn");
        }
        yield unknown(block);
      }
      default -> {
        boolean hosted = type.startsWith("server_tool_") || type.endsWith("_tool_result");
        block.note(hosted ? Feature.HOSTED_TOOLS : Feature.UNKNOWN_FIELD, "type");
        yield Optional.empty();
      }
    };
  }

  private static Part thought(FieldReader block) {
    block.note(Feature.REASONING_HISTORY, "type");
    String text = block.requiredText("thinking");
    String signature = block.text("signature").orElse("");
    block.noteUnknown();
    ReasoningMark mark = mark(signature, Kind.SIGNATURE);
    return new Part.Thought(text, mark.value(), mark.madeBy());
  }

  private static Part encryptedThought(FieldReader block) {
    block.note(Feature.REASONING_HISTORY, "type");
    String content = block.requiredText("data");
    block.noteUnknown();
    ReasoningMark mark = mark(content, Kind.ENCRYPTED);
    return new Part.EncryptedThought(mark.value(), "", mark.madeBy());
  }

  private static ReasoningMark mark(String kept, Kind own) {
    return ReasoningMark.sentBy(Dialect.ANTHROPIC_MESSAGES, kept, own);
  }

  private static Part toolCall(FieldReader block) {
    CacheMarks.read(block);
    block
        .object(
            "caller") // who wanted it called; all but the model itself are tools of the provider
        .filter(caller -> !"direct".equals(caller.requiredText("type")))
        .ifPresent(_ -> block.note(Feature.HOSTED_TOOLS, "caller"));
    String arguments = block.requiredObject("input").path();
    Part call =
        new Part.ToolCall(
            block.requiredText("id"),
            block.requiredText("name"),
            block.node("input").map(JsonNode::toString).orElse("{}"),
            arguments);
    block.noteUnknown();
    return call;
  }
}
