package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation in the order that the provider demands: all that the system says goes before it;
 * turns of one side are one message; the results of tools stand at the start of the user's.
 */
final class Conversation {

  private enum Role {
    USER("user"),
    ASSISTANT("assistant");

    private final String word;

    Role(String word) {
      this.word = word;
    }
  }

  /** One message. */
  private record Message(Role role, List<Turn.ToolResult> results, List<Part> parts) {
    static Message of(Role role) {
      return new Message(role, new ArrayList<>(), new ArrayList<>());
    }
  }

  private final List<Part> system = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();

  private Conversation() {}

  static Conversation of(List<Turn> turns) {
    Conversation conversation = new Conversation();
    for (Turn turn : turns) {
      switch (turn) {
        case Turn.System it -> conversation.system.addAll(writable(it.parts()));
        case Turn.User it -> conversation.add(Role.USER, writable(it.parts()));
        case Turn.Assistant it -> conversation.add(Role.ASSISTANT, writable(it.parts()));
        case Turn.ToolResult it -> conversation.message(Role.USER).results().add(it);
      }
    }
    return conversation;
  }

  private static List<Part> writable(List<Part> parts) {
    return parts.stream().filter(PartWriter::isWritable).toList();
  }

  /** A turn of which nothing is left would be refused as empty. */
  private void add(Role role, List<Part> parts) {
    if (!parts.isEmpty()) {
      message(role).parts().addAll(parts);
    }
  }

  private Message message(Role role) {
    if (messages.isEmpty() || messages.getLast().role() != role) {
      messages.add(Message.of(role));
    }
    return messages.getLast();
  }

  void write(JsonGenerator json) throws IOException {
    if (!system.isEmpty()) {
      json.writeFieldName("system");
      PartWriter.content(json, system);
    }
    json.writeArrayFieldStart("messages");
    for (Message message : messages) {
      json.writeStartObject();
      json.writeStringField("role", message.role().word);
      json.writeFieldName("content");
      if (message.results().isEmpty()) {
        PartWriter.content(json, message.parts());
      } else {
        writeWithResults(json, message);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeWithResults(JsonGenerator json, Message message) throws IOException {
    json.writeStartArray();
    for (Turn.ToolResult result : message.results()) {
      PartWriter.result(json, result);
    }
    for (Part part : message.parts()) {
      PartWriter.block(json, part);
    }
    json.writeEndArray();
  }
}
