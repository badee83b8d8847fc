package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.CallIds;
import dev.penstock.dataplane.dialect.ModelRequest.CacheMark;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Writes the blocks of a request. */
final class PartWriter {

  private static final Pattern LEGAL_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
  private static final int STAND_IN_LENGTH = 24;

  private PartWriter() {}

  /**
   * Whether a part goes to the provider: empty texts would be refused, and so would thoughts that
   * another provider made; sound is dropped before, and named.
   */
  static boolean isWritable(Part part) {
    return switch (part) {
      case Part.Text it -> !it.text().isEmpty();
      case Part.Refusal it -> !it.text().isEmpty();
      case Part.Thought _, Part.EncryptedThought _ -> ThinkingPlan.isOwnThought(part);
      case Part.Audio _ -> false;
      case Part.ImageData _, Part.ImageUrl _, Part.Document _, Part.ToolCall _ -> true;
    };
  }

  /** Content that is one plain text as a string, any other as blocks. */
  static void content(JsonGenerator json, List<Part> parts) throws IOException {
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Text only && only.cache().isEmpty()) {
      json.writeString(only.text());
      return;
    }
    json.writeStartArray();
    for (Part part : parts) {
      block(json, part);
    }
    json.writeEndArray();
  }

  static void block(JsonGenerator json, Part part) throws IOException {
    json.writeStartObject();
    switch (part) {
      case Part.Text it -> text(json, it.text());
      case Part.Refusal it -> text(json, it.text());
      case Part.ImageData it -> image(json, it);
      case Part.ImageUrl it -> image(json, it);
      case Part.Document it -> document(json, it);
      case Part.ToolCall it -> call(json, it);
      case Part.Thought it -> {
        json.writeStringField("type", "thinking");
        json.writeStringField("thinking", it.text());
        json.writeStringField("signature", it.signature());
      }
      case Part.EncryptedThought it -> {
        json.writeStringField("type", "redacted_thinking");
        json.writeStringField("data", it.content());
      }
      case Part.Audio it ->
          throw unsupported(it.path(), "is sound, which this provider cannot take");
    }
    CacheMarks.write(json, CacheMarks.of(part));
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String text) throws IOException {
    json.writeStringField("type", "text");
    json.writeStringField("text", text);
  }

  private static void image(JsonGenerator json, Part.ImageData image) throws IOException {
    if (!SourceReader.IMAGE_TYPES.contains(image.mediaType())) {
      throw unsupported(image.path(), "must be a JPEG, PNG, GIF or WebP image for this provider");
    }
    json.writeStringField("type", "image");
    base64(json, image.mediaType(), image.base64());
  }

  private static void image(JsonGenerator json, Part.ImageUrl image) throws IOException {
    if (!isWebAddress(image.url())) {
      throw unsupported(image.path(), "must be an http or https address, or the image itself");
    }
    json.writeStringField("type", "image");
    url(json, image.url());
  }

  private static boolean isWebAddress(String url) {
    return url.startsWith("https://") || url.startsWith("http://");
  }

  private static void base64(JsonGenerator json, String mediaType, String data) throws IOException {
    source(json, "base64");
    json.writeStringField("media_type", mediaType);
    json.writeStringField("data", data);
    json.writeEndObject();
  }

  private static void url(JsonGenerator json, String url) throws IOException {
    source(json, "url");
    json.writeStringField("url", url);
    json.writeEndObject();
  }

  private static void source(JsonGenerator json, String type) throws IOException {
    json.writeObjectFieldStart("source");
    json.writeStringField("type", type);
  }

  private static void document(JsonGenerator json, Part.Document document) throws IOException {
    json.writeStringField("type", "document");
    if (document.isUrl()) {
      url(json, document.data());
    } else if (SourceReader.PDF.equals(document.mediaType())) {
      base64(json, SourceReader.PDF, document.data());
    } else if (SourceReader.PLAIN_TEXT.equals(document.mediaType())) {
      source(json, "text");
      json.writeStringField("media_type", SourceReader.PLAIN_TEXT);
      json.writeStringField("data", decoded(document));
      json.writeEndObject();
    } else {
      throw unsupported(document.path(), "must be a PDF or plain text for this provider");
    }
    if (!document.name().isEmpty()) {
      json.writeStringField("title", document.name());
    }
  }

  private static String decoded(Part.Document document) {
    try {
      return new String(Base64.getDecoder().decode(document.data()), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw unsupported(document.path(), "must be base64");
    }
  }

  private static void call(JsonGenerator json, Part.ToolCall call) throws IOException {
    if (!JsonObjects.isObject(call.arguments())) {
      throw unsupported(call.path(), "must have a JSON object as arguments");
    }
    json.writeStringField("type", "tool_use");
    json.writeStringField("id", legalId(call.id()));
    json.writeStringField("name", call.name());
    json.writeFieldName("input");
    JsonObjects.copy(call.arguments(), json);
  }

  /** The id itself where it is legal, otherwise one that follows from it, for call and result. */
  private static String legalId(String id) {
    return LEGAL_ID.matcher(id).matches() ? id : "toolu_" + CallIds.standIn(id, STAND_IN_LENGTH);
  }

  /** What a tool answered; a mark behind its last part goes behind the whole. */
  static void result(JsonGenerator json, Turn.ToolResult result) throws IOException {
    List<Part> parts = result.parts().stream().filter(PartWriter::isWritable).toList();
    Optional<CacheMark> mark = parts.isEmpty() ? Optional.empty() : CacheMarks.of(parts.getLast());
    json.writeStartObject();
    json.writeStringField("type", "tool_result");
    json.writeStringField("tool_use_id", legalId(result.callId()));
    if (!parts.isEmpty()) {
      json.writeFieldName("content");
      content(json, CacheMarks.unmarkLast(parts));
    }
    if (result.isError()) {
      json.writeBooleanField("is_error", true);
    }
    CacheMarks.write(json, mark);
    json.writeEndObject();
  }

  private static RefusedException unsupported(String path, String fault) {
    return Refusal.ofField(Code.UNSUPPORTED_FIELD, path, "The field " + path + " " + fault + ".")
        .toException();
  }
}
