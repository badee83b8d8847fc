package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.CallIds;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.dialect.Target;
import dev.penstock.dataplane.dialect.Target.Trait;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes OpenAI's {@code messages}. */
final class MessageWriter {

  private static final int MAX_CALL_ID = 40;

  private final JsonGenerator json;
  private final ToolWriter tools;
  private final boolean compatible;

  MessageWriter(JsonGenerator json, Target target) {
    this.json = json;
    this.tools = new ToolWriter(json);
    this.compatible = target.traits().contains(Trait.COMPATIBLE);
  }

  void write(List<Turn> turns) throws IOException {
    json.writeArrayFieldStart("messages");
    for (Turn turn : turns) {
      json.writeStartObject();
      switch (turn) {
        case Turn.System system -> {
          json.writeStringField("role", "system");
          texts(system.parts());
        }
        case Turn.User user -> {
          json.writeStringField("role", "user");
          content(user.parts());
        }
        case Turn.Assistant assistant -> assistant(assistant.parts());
        case Turn.ToolResult result -> {
          json.writeStringField("role", "tool");
          json.writeStringField("tool_call_id", callId(result.callId()));
          texts(result.parts());
        }
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Ids of the makers' own are shorter; longer ones come from other dialects. */
  private static String callId(String id) {
    return id.length() <= MAX_CALL_ID ? id : "call_" + CallIds.standIn(id, 24);
  }

  private void texts(List<Part> parts) throws IOException {
    content(parts.stream().filter(Part.Text.class::isInstance).toList());
  }

  /** One text is a string, which every server takes; only OpenAI surely takes texts in parts. */
  private void content(List<Part> parts) throws IOException {
    boolean allText = parts.stream().allMatch(Part.Text.class::isInstance);
    if (allText && (compatible || parts.size() <= 1)) {
      json.writeStringField("content", join(parts, MessageWriter::text));
      return;
    }
    json.writeArrayFieldStart("content");
    for (Part part : parts) {
      part(part);
    }
    json.writeEndArray();
  }

  private static String join(List<Part> parts, Function<Part, String> text) {
    return parts.stream()
        .map(text)
        .filter(piece -> !piece.isEmpty())
        .collect(Collectors.joining("\n\n"));
  }

  private static String text(Part part) {
    return part instanceof Part.Text text ? text.text() : "";
  }

  private void assistant(List<Part> parts) throws IOException {
    json.writeStringField("role", "assistant");
    List<Part> said = parts.stream().filter(Part.Text.class::isInstance).toList();
    if (said.isEmpty()) {
      json.writeNullField("content");
    } else {
      content(said);
    }
    optional("refusal", join(parts, MessageWriter::refusal));
    if (compatible) {
      optional("reasoning_content", join(parts, MessageWriter::thought));
    }
    tools.calls(parts, MessageWriter::callId);
  }

  private void optional(String name, String text) throws IOException {
    if (!text.isEmpty()) {
      json.writeStringField(name, text);
    }
  }

  private static String refusal(Part part) {
    return part instanceof Part.Refusal refusal ? refusal.text() : "";
  }

  /** OpenAI has no field for it; servers of open models want their own back. */
  private static String thought(Part part) {
    return part instanceof Part.Thought thought && thought.madeBy() == Dialect.OPENAI_CHAT
        ? thought.text()
        : "";
  }

  private void part(Part part) throws IOException {
    switch (part) {
      case Part.Text text -> {
        json.writeStartObject();
        json.writeStringField("type", "text");
        json.writeStringField("text", text.text());
        json.writeEndObject();
      }
      case Part.ImageData image -> image("data:" + image.mediaType() + ";base64," + image.base64());
      case Part.ImageUrl image -> image(image.url());
      case Part.Document document -> document(document);
      case Part.Audio audio -> audio(audio);
      case Part.ToolCall _, Part.Thought _, Part.EncryptedThought _, Part.Refusal _ -> {}
    }
  }

  private void image(String url) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "image_url");
    json.writeObjectFieldStart("image_url");
    json.writeStringField("url", url);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void document(Part.Document document) throws IOException {
    if (document.isUrl() || compatible) {
      throw FieldWriter.unsupported(
          document.path(),
          "The model's provider takes %s; send the document's text."
              .formatted(compatible ? "no documents" : "a document only within the request"));
    }
    json.writeStartObject();
    json.writeStringField("type", "file");
    json.writeObjectFieldStart("file");
    json.writeStringField("filename", document.name().isEmpty() ? "document" : document.name());
    json.writeStringField(
        "file_data", "data:" + document.mediaType() + ";base64," + document.data());
    json.writeEndObject();
    json.writeEndObject();
  }

  private void audio(Part.Audio audio) throws IOException {
    String format = audio.format().isEmpty() ? AudioFormat.of(audio.base64()) : audio.format();
    if (format.isEmpty()) {
      throw FieldWriter.unsupported(
          audio.path(), "The model's provider takes WAV and MP3 in base64 alone.");
    }
    json.writeStartObject();
    json.writeStringField("type", "input_audio");
    json.writeObjectFieldStart("input_audio");
    json.writeStringField("data", audio.base64());
    json.writeStringField("format", format);
    json.writeEndObject();
    json.writeEndObject();
  }
}
