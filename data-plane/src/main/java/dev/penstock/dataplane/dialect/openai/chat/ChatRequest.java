package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.TextVisitor;
import dev.penstock.dataplane.dialect.body.Edits;
import dev.penstock.dataplane.dialect.body.Fields;
import dev.penstock.dataplane.dialect.body.OutputLimit;
import dev.penstock.dataplane.dialect.body.Range;
import dev.penstock.dataplane.dialect.body.RequestBody;
import dev.penstock.kernel.guard.Redaction;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;

/**
 * A chat completion request: its bytes, and where in them the few things stand that the gateway
 * reads or changes. Everything else goes to the provider as it came.
 *
 * <p>Holds the prompt; {@link #toString} does not show it. Sources: OpenAI API reference, "Create
 * chat completion"; Mistral API reference, "Chat Completion".
 */
public final class ChatRequest implements ClientRequest {

  private static final int MAX_CHOICES = 128;
  private static final String INCLUDE_USAGE = "\"include_usage\":true";
  private static final String CONTINUOUS_USAGE = "\"continuous_usage_stats\":true";

  /** What of it is not the same in every dialect and transport. */
  private enum Kind {
    OPENAI_HTTP,
    /** Always streams, and has the client's {@code id} beside the request's fields. */
    OPENAI_SOCKET,
    /** Mistral tells usage unasked, and refuses {@code stream_options} as unknown. */
    MISTRAL_HTTP
  }

  private final Kind kind;
  private final RequestBody body;
  private String model = "";
  private boolean stream;
  private boolean usageAsked;
  private final OutputLimit output = new OutputLimit();
  private long choices = 1;
  private boolean messages;
  private String serviceTier = "";
  private Range modelValue = Range.ABSENT;
  private Range streamValue = Range.ABSENT;
  private Range streamOptionsValue = Range.ABSENT;
  private Range includeUsageValue = Range.ABSENT;
  private boolean continuousUsageAsked;
  private Range continuousUsageValue = Range.ABSENT;
  private boolean streamOptionsEmpty = true;
  private Range idMember = Range.ABSENT;
  private Range idValue = Range.ABSENT;

  private ChatRequest(Buffer bytes, Kind kind) {
    this.kind = kind;
    body = RequestBody.read(bytes, this::readMember);
    requireWhole();
  }

  /**
   * Reads an HTTP body.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} that
   *     names the field
   */
  public static ChatRequest read(Buffer body) {
    return new ChatRequest(body, Kind.OPENAI_HTTP);
  }

  /**
   * Reads a WebSocket message: the same object with the client's own {@code id} (a string or
   * number) beside the request's fields; it always streams.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} that
   *     names the field
   */
  public static ChatRequest readMessage(Buffer message) {
    ChatRequest request = new ChatRequest(message, Kind.OPENAI_SOCKET);
    request.stream = true;
    return request;
  }

  /**
   * Reads an HTTP body of a Mistral client.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} that
   *     names the field
   */
  public static ChatRequest readMistral(Buffer body) {
    ChatRequest request = new ChatRequest(body, Kind.MISTRAL_HTTP);
    request.usageAsked = true; // its clients always see it
    return request;
  }

  private void readMember(String field, JsonParser json, int nameStart) throws IOException {
    int start = Fields.start(json);
    switch (field) {
      case "model" -> {
        model = Fields.model(json, field);
        modelValue = new Range(start, Fields.end(json));
      }
      case "messages" -> {
        messages = true;
        Fields.messages(json, field);
      }
      case "stream" -> {
        stream = Fields.flag(json, field);
        streamValue = new Range(start, Fields.end(json));
      }
      case "stream_options" -> readStreamOptions(json, start);
      case "max_tokens", "max_completion_tokens" -> output.read(json, field, 1);
      case "n" -> {
        if (json.currentToken() != JsonToken.VALUE_NULL) {
          choices = Fields.number(json, field, 1, MAX_CHOICES);
        }
      }
      case "service_tier" -> serviceTier = Fields.serviceTier(json);
      default -> readOther(field, json, nameStart);
    }
  }

  private void readOther(String field, JsonParser json, int nameStart) throws IOException {
    if (kind == Kind.OPENAI_SOCKET && "id".equals(field)) {
      idValue = new Range(Fields.start(json), clientId(json));
      idMember = new Range(nameStart, idValue.end());
    } else {
      json.skipChildren();
    }
  }

  private void readStreamOptions(JsonParser json, int valueStart) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      streamOptionsValue = new Range(valueStart, valueStart + 4);
      return;
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw Fields.invalid("stream_options", "The field stream_options must be an object.");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      streamOptionsEmpty = false;
      String field = json.currentName();
      json.nextToken();
      if ("include_usage".equals(field)) {
        int start = Fields.start(json);
        usageAsked = Fields.flag(json, "stream_options.include_usage");
        includeUsageValue = new Range(start, Fields.end(json));
      } else if ("continuous_usage_stats".equals(field)) {
        int start = Fields.start(json);
        continuousUsageAsked = Fields.flag(json, "stream_options.continuous_usage_stats");
        continuousUsageValue = new Range(start, Fields.end(json));
      } else {
        json.skipChildren();
      }
    }
    streamOptionsValue = new Range(valueStart, Fields.end(json));
  }

  private static int clientId(JsonParser json) throws IOException {
    if (!ClientId.isAt(json)) {
      throw Fields.invalid(
          "id",
          "The field id must be a string or an integer of at most "
              + ClientId.MAX_BYTES
              + " bytes.");
    }
    return Fields.end(json);
  }

  private void requireWhole() {
    Fields.requireModel(modelValue);
    if (!messages) {
      throw Fields.invalid("messages", "The field messages is missing; give at least one message.");
    }
    if (streamOptionsValue.present() && !stream && kind == Kind.OPENAI_HTTP) {
      throw Fields.invalid("stream_options", "The field stream_options needs \"stream\": true.");
    }
  }

  @Override
  public String model() {
    return model;
  }

  @Override
  public boolean stream() {
    return stream;
  }

  @Override
  public boolean usageAsked() {
    return usageAsked;
  }

  @Override
  public boolean continuousUsageAsked() {
    return continuousUsageAsked;
  }

  @Override
  public long maxTokens() {
    return output.tokens();
  }

  @Override
  public void limitOutput(long most) {
    output.lower(most);
  }

  @Override
  public long choices() {
    return choices;
  }

  @Override
  public String serviceTier() {
    return serviceTier;
  }

  @Override
  public int bytes() {
    return body.size();
  }

  @Override
  public void visit(TextVisitor visitor) {
    body.visit(new ChatTexts(kind == Kind.OPENAI_SOCKET), visitor);
  }

  @Override
  public void redact(int start, List<Redaction> parts) {
    body.redact(start, parts);
  }

  @Override
  public String clientId() {
    return idValue.present() ? body.text(idValue) : ClientId.NONE;
  }

  @Override
  public Buffer forProvider(String upstreamModel) {
    return forProvider(upstreamModel, false);
  }

  @Override
  public Buffer forProvider(String upstreamModel, boolean continuousUsage) {
    Edits edits = body.withModel(modelValue, upstreamModel);
    if (idMember.present()) {
      // null is what an absent optional field means, and needs no care for commas; but the id is
      // not
      // the provider's business, so the member goes, with one of the commas around it.
      edits.removeMember(idMember.start(), idMember.end());
    }
    if (stream && kind != Kind.MISTRAL_HTTP) {
      if (!streamValue.present()) {
        edits.insert(body.closingBrace(), ",\"stream\":true");
      } else {
        edits.replace(streamValue.start(), streamValue.end(), "true");
      }
      askForUsage(edits, continuousUsage);
    }
    output.write(body, edits, kind == Kind.MISTRAL_HTTP ? "max_tokens" : "max_completion_tokens");
    return edits.apply();
  }

  private void askForUsage(Edits edits, boolean continuous) {
    String both = INCLUDE_USAGE + (continuous ? "," + CONTINUOUS_USAGE : "");
    if (!streamOptionsValue.present()) {
      edits.insert(body.closingBrace(), ",\"stream_options\":{" + both + "}");
      return;
    }
    if (streamOptionsEmpty) {
      edits.replace(streamOptionsValue.start(), streamOptionsValue.end(), "{" + both + "}");
      return;
    }
    String added = "";
    if (!includeUsageValue.present()) {
      added += "," + INCLUDE_USAGE;
    } else if (!usageAsked) {
      edits.replace(includeUsageValue.start(), includeUsageValue.end(), "true");
    }
    if (continuous && !continuousUsageValue.present()) {
      added += "," + CONTINUOUS_USAGE;
    } else if (continuous && !continuousUsageAsked) {
      edits.replace(continuousUsageValue.start(), continuousUsageValue.end(), "true");
    }
    if (!added.isEmpty()) {
      edits.insert(streamOptionsValue.end() - 1, added);
    }
  }

  @Override
  public String toString() {
    return "ChatRequest[" + model + ", " + body.size() + " bytes]";
  }
}
