package dev.penstock.dataplane.dialect.mistral;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.CallIds;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.dialect.openai.chat.FieldWriter;
import dev.penstock.dataplane.dialect.openai.chat.ToolWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes Mistral's {@code messages}. */
final class MistralMessageWriter {

  /** Mistral refuses any other (read in 2026-11). */
  private static final Pattern CALL_ID = Pattern.compile("[a-zA-Z0-9]{9}");

  private static final int CALL_ID_LENGTH = 9;
  private static final String PDF = "application/pdf";

  /** Stands between a tool's result and a user's turn, which Mistral refuses to see together. */
  private static final String BRIDGE = "OK.";

  private final JsonGenerator json;
  private final ToolWriter tools;
  private final Map<String, String> callNames = new HashMap<>();

  MistralMessageWriter(JsonGenerator json) {
    this.json = json;
    this.tools = new ToolWriter(json);
  }

  void write(List<Turn> turns) throws IOException {
    json.writeArrayFieldStart("messages");
    Turn before = null;
    for (Turn turn : turns) {
      bridge(before, turn);
      json.writeStartObject();
      switch (turn) {
        case Turn.System system -> {
          json.writeStringField("role", "system");
          json.writeStringField("content", texts(system.parts(), "\n\n"));
        }
        case Turn.User user -> {
          json.writeStringField("role", "user");
          content(user.parts());
        }
        case Turn.Assistant assistant -> assistant(assistant.parts(), turn == turns.getLast());
        case Turn.ToolResult result -> result(result);
      }
      json.writeEndObject();
      before = turn;
    }
    json.writeEndArray();
  }

  private void bridge(@Nullable Turn before, Turn turn) throws IOException {
    if (before instanceof Turn.ToolResult && turn instanceof Turn.User) {
      json.writeStartObject();
      json.writeStringField("role", "assistant");
      json.writeStringField("content", BRIDGE);
      json.writeEndObject();
    }
  }

  private void result(Turn.ToolResult result) throws IOException {
    json.writeStringField("role", "tool");
    json.writeStringField("tool_call_id", callId(result.callId()));
    String name = callNames.get(result.callId());
    if (name != null) {
      json.writeStringField("name", name);
    }
    json.writeStringField("content", texts(result.parts(), "\n\n"));
  }

  /** Nothing is kept of it, so a legal id stays and any other becomes the same every time. */
  private static String callId(String id) {
    return CALL_ID.matcher(id).matches() ? id : CallIds.standIn(id, CALL_ID_LENGTH);
  }

  private void assistant(List<Part> parts, boolean last) throws IOException {
    json.writeStringField("role", "assistant");
    List<Part.Thought> own =
        parts.stream()
            .filter(Part.Thought.class::isInstance)
            .map(Part.Thought.class::cast)
            .filter(thought -> thought.madeBy() == Dialect.MISTRAL_CHAT)
            .toList();
    String said = texts(parts, "\n\n");
    if (own.isEmpty()) {
      json.writeStringField("content", said);
    } else {
      thoughtful(own, said);
    }
    for (Part part : parts) {
      if (part instanceof Part.ToolCall call) {
        callNames.put(call.id(), call.name());
      }
    }
    tools.calls(parts, MistralMessageWriter::callId);
    if (last) {
      json.writeBooleanField("prefix", true);
    }
  }

  private void thoughtful(List<Part.Thought> thoughts, String said) throws IOException {
    json.writeArrayFieldStart("content");
    for (Part.Thought thought : thoughts) {
      json.writeStartObject();
      json.writeStringField("type", "thinking");
      json.writeArrayFieldStart("thinking");
      text(thought.text());
      json.writeEndArray();
      if (!thought.signature().isEmpty()) {
        json.writeStringField("signature", thought.signature());
      }
      json.writeEndObject();
    }
    if (!said.isEmpty()) {
      text(said);
    }
    json.writeEndArray();
  }

  /** A refusal is what the assistant said, as Mistral takes no turn without words or calls. */
  private static String texts(List<Part> parts, String between) {
    return parts.stream()
        .map(MistralMessageWriter::said)
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(between));
  }

  private static String said(Part part) {
    return switch (part) {
      case Part.Text text -> text.text();
      case Part.Refusal refusal -> refusal.text();
      case Part.ImageData _,
          Part.ImageUrl _,
          Part.Document _,
          Part.Audio _,
          Part.ToolCall _,
          Part.Thought _,
          Part.EncryptedThought _ ->
          "";
    };
  }

  private void content(List<Part> parts) throws IOException {
    if (parts.stream().allMatch(Part.Text.class::isInstance)) {
      json.writeStringField("content", texts(parts, "\n\n"));
      return;
    }
    json.writeArrayFieldStart("content");
    for (Part part : parts) {
      part(part);
    }
    json.writeEndArray();
  }

  private void part(Part part) throws IOException {
    switch (part) {
      case Part.Text text -> text(text.text());
      case Part.ImageData image ->
          address("image_url", "data:" + image.mediaType() + ";base64," + image.base64());
      case Part.ImageUrl image -> address("image_url", image.url());
      case Part.Audio audio -> address("input_audio", audio.base64());
      case Part.Document document -> document(document);
      case Part.ToolCall _, Part.Thought _, Part.EncryptedThought _, Part.Refusal _ -> {}
    }
  }

  /** An address may hold the document, as that of an image does. */
  private void document(Part.Document document) throws IOException {
    if (!document.isUrl() && !PDF.equals(document.mediaType())) {
      throw FieldWriter.unsupported(
          document.path(), "The model's provider takes PDF alone; send the document's text.");
    }
    json.writeStartObject();
    json.writeStringField("type", "document_url");
    json.writeStringField(
        "document_url",
        document.isUrl() ? document.data() : "data:" + PDF + ";base64," + document.data());
    if (!document.name().isEmpty()) {
      json.writeStringField("document_name", document.name());
    }
    json.writeEndObject();
  }

  private void text(String text) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "text");
    json.writeStringField("text", text);
    json.writeEndObject();
  }

  private void address(String type, String value) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", type);
    json.writeStringField(type, value);
    json.writeEndObject();
  }
}
