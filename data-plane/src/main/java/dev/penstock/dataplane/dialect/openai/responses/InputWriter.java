package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.CallIds;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes the conversation as items. The first system message becomes {@code instructions}. What
 * cannot be carried is left out here: the losses have been declared, or refused, before.
 */
final class InputWriter {

  private static final String UNNAMED_FILE = "document";

  /** OpenAI API reference: {@code call_id} has 1 to 64 characters. */
  private static final int MAX_CALL_ID = 64;

  private static final int STAND_IN_LENGTH = 30;

  private final JsonGenerator json;

  InputWriter(JsonGenerator json) {
    this.json = json;
  }

  void write(List<Turn> turns) throws IOException {
    List<Turn> rest = turns;
    if (!turns.isEmpty() && turns.getFirst() instanceof Turn.System system) {
      json.writeStringField("instructions", joined(system.parts()));
      rest = turns.subList(1, turns.size());
    }
    json.writeArrayFieldStart("input");
    for (Turn turn : rest) {
      turn(turn);
    }
    json.writeEndArray();
  }

  private static String joined(List<Part> parts) {
    return parts.stream()
        .filter(Part.Text.class::isInstance)
        .map(part -> ((Part.Text) part).text())
        .collect(Collectors.joining("\n\n"));
  }

  private void turn(Turn turn) throws IOException {
    switch (turn) {
      case Turn.System system -> message("system", system.parts());
      case Turn.User user -> message("user", user.parts());
      case Turn.Assistant assistant -> assistant(assistant.parts());
      case Turn.ToolResult result -> result(result);
    }
  }

  private void message(String role, List<Part> parts) throws IOException {
    startMessage(role);
    for (Part part : parts) {
      input(part);
    }
    endMessage();
  }

  private void startMessage(String role) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "message");
    json.writeStringField("role", role);
    json.writeArrayFieldStart("content");
  }

  private void endMessage() throws IOException {
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Texts that follow each other are one message; thoughts and calls are items of their own. */
  private void assistant(List<Part> parts) throws IOException {
    boolean inMessage = false;
    for (Part part : parts) {
      boolean said = part instanceof Part.Text || part instanceof Part.Refusal;
      if (said && !inMessage) {
        startMessage("assistant");
      } else if (!said && inMessage) {
        endMessage();
      }
      inMessage = said;
      output(part);
    }
    if (inMessage) {
      endMessage();
    }
  }

  private void output(Part part) throws IOException {
    switch (part) {
      case Part.Text text -> {
        json.writeStartObject();
        json.writeStringField("type", "output_text");
        json.writeStringField("text", text.text());
        json.writeEndObject();
      }
      case Part.Refusal refusal -> {
        json.writeStartObject();
        json.writeStringField("type", "refusal");
        json.writeStringField("refusal", refusal.text());
        json.writeEndObject();
      }
      case Part.ToolCall call -> call(call);
      case Part.Thought thought -> {
        if (!thought.signature().isEmpty()) {
          reasoning(thought.madeBy(), thought.text(), thought.signature());
        }
      }
      case Part.EncryptedThought thought -> reasoning(thought.madeBy(), "", thought.content());
      case Part.ImageData _, Part.ImageUrl _, Part.Document _, Part.Audio _ -> {}
    }
  }

  private void call(Part.ToolCall call) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "function_call");
    json.writeStringField("call_id", callId(call.id()));
    json.writeStringField("name", call.name());
    json.writeStringField("arguments", call.arguments());
    json.writeEndObject();
  }

  /**
   * Without an id: the provider checks that one against the encrypted content, and what a client
   * has seen is ours.
   */
  private void reasoning(Dialect madeBy, String summary, String encrypted) throws IOException {
    if (madeBy != Dialect.OPENAI_RESPONSES) {
      return;
    }
    json.writeStartObject();
    json.writeStringField("type", "reasoning");
    json.writeArrayFieldStart("summary");
    if (!summary.isEmpty()) {
      json.writeStartObject();
      json.writeStringField("type", "summary_text");
      json.writeStringField("text", summary);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringField("encrypted_content", encrypted);
    json.writeEndObject();
  }

  private void result(Turn.ToolResult result) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "function_call_output");
    json.writeStringField("call_id", callId(result.callId()));
    if (result.parts().stream().allMatch(Part.Text.class::isInstance)) {
      json.writeStringField("output", joined(result.parts()));
    } else {
      json.writeArrayFieldStart("output");
      for (Part part : result.parts()) {
        input(part);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private void input(Part part) throws IOException {
    switch (part) {
      case Part.Text text -> {
        json.writeStartObject();
        json.writeStringField("type", "input_text");
        json.writeStringField("text", text.text());
        json.writeEndObject();
      }
      case Part.ImageData image -> image(dataUrl(image.mediaType(), image.base64()));
      case Part.ImageUrl image -> image(image.url());
      case Part.Document document -> document(document);
      case Part.Audio _,
          Part.ToolCall _,
          Part.Thought _,
          Part.EncryptedThought _,
          Part.Refusal _ -> {}
    }
  }

  private void image(String url) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "input_image");
    json.writeStringField("image_url", url);
    json.writeStringField("detail", "auto");
    json.writeEndObject();
  }

  private void document(Part.Document document) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "input_file");
    if (document.isUrl()) {
      json.writeStringField("file_url", document.data());
    } else {
      json.writeStringField("filename", document.name().isEmpty() ? UNNAMED_FILE : document.name());
      json.writeStringField("file_data", dataUrl(document.mediaType(), document.data()));
    }
    json.writeEndObject();
  }

  private static String dataUrl(String mediaType, String base64) {
    return "data:" + mediaType + ";base64," + base64;
  }

  /** Call and result are translated in different requests, and still have to meet. */
  private static String callId(String id) {
    boolean legal = !id.isEmpty() && id.length() <= MAX_CALL_ID;
    return legal ? id : "call_" + CallIds.standIn(id, STAND_IN_LENGTH);
  }
}
