package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A chat completion request: its bytes, and where in them the few things stand that the gateway
 * reads or changes. Everything else goes to the provider as it came.
 *
 * <p>Holds the prompt; {@link #toString} does not show it. Source: OpenAI API reference, "Create
 * chat completion".
 */
public final class ChatRequest {

  private static final int MAX_DEPTH = 200;
  private static final int MAX_MODEL_LENGTH = 128;
  private static final int MAX_CHOICES = 128;
  private static final int MAX_MEMBERS = 200;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(Integer.MAX_VALUE) // the body's own limit holds
                  .build())
          .build();

  /** A range of the body; absent where {@code start} is negative. */
  private record Range(int start, int end) {
    static final Range ABSENT = new Range(-1, -1);

    boolean present() {
      return start >= 0;
    }
  }

  private final byte[] body;
  private String model = "";
  private boolean stream;
  private boolean usageAsked;
  private long maxTokens = -1;
  private long choices = 1;
  private Range modelValue = Range.ABSENT;
  private Range streamValue = Range.ABSENT;
  private Range streamOptionsValue = Range.ABSENT;
  private Range includeUsageValue = Range.ABSENT;
  private boolean streamOptionsEmpty = true;
  private Range idMember = Range.ABSENT;
  private Range idValue = Range.ABSENT;
  private int closingBrace;
  private boolean isMessage;
  private final List<Edits.Edit> redactions = new ArrayList<>();
  private int redactedBytes; // how many more the request has for it; fewer where negative

  private ChatRequest(byte[] body) {
    this.body = body;
  }

  /**
   * Reads an HTTP body.
   *
   * @throws RefusedException with {@code invalid_request} that names the field
   */
  public static ChatRequest read(Buffer body) {
    return new ChatRequest(body.getBytes()).parse(false);
  }

  /**
   * Reads a WebSocket message: the same object with the client's own {@code id} (a string or
   * number) beside the request's fields; it always streams.
   *
   * @throws RefusedException with {@code invalid_request} that names the field
   */
  public static ChatRequest readMessage(Buffer message) {
    ChatRequest request = new ChatRequest(message.getBytes()).parse(true);
    request.stream = true;
    return request;
  }

  private ChatRequest parse(boolean asMessage) {
    isMessage = asMessage;
    requireUtf8();
    boolean messages = false;
    int members = 0;
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw invalid("", "The body must be a JSON object.");
      }
      int memberStart = offset(json.currentLocation().getByteOffset());
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        if (++members > MAX_MEMBERS) {
          throw invalid("", "The body has more than " + MAX_MEMBERS + " fields.");
        }
        String field = json.currentName();
        int nameStart = offset(json.currentTokenLocation().getByteOffset());
        JsonToken value = json.nextToken();
        int valueStart = offset(json.currentTokenLocation().getByteOffset());
        switch (field) {
          case "model" -> {
            model = text(json, field, MAX_MODEL_LENGTH);
            modelValue = new Range(valueStart, end(json));
          }
          case "messages" -> {
            messages = true;
            readMessages(json);
          }
          case "stream" -> {
            stream = flag(json, field);
            streamValue = new Range(valueStart, end(json));
          }
          case "stream_options" -> readStreamOptions(json, valueStart);
          case "max_tokens", "max_completion_tokens" -> {
            if (value != JsonToken.VALUE_NULL) {
              maxTokens = Math.max(maxTokens, number(json, field, 1, Integer.MAX_VALUE));
            }
          }
          case "n" -> {
            if (value != JsonToken.VALUE_NULL) {
              choices = number(json, field, 1, MAX_CHOICES);
            }
          }
          default -> {
            if (isMessage && "id".equals(field)) {
              idValue = new Range(valueStart, clientId(json));
              idMember = new Range(nameStart, idValue.end());
            } else {
              json.skipChildren();
            }
          }
        }
      }
      closingBrace = offset(json.currentTokenLocation().getByteOffset());
      if (json.nextToken() != null) {
        throw invalid("", "Something follows the JSON object in the body.");
      }
    } catch (StreamConstraintsException tooDeep) {
      throw invalid(
          "",
          "The body is nested deeper than "
              + MAX_DEPTH
              + " levels, or a number in it is too long.");
    } catch (JsonEOFException cut) {
      throw invalid("", "The body ends in the middle of the JSON object.");
    } catch (IOException malformed) {
      throw invalid("", malformedText(malformed));
    }
    if (!modelValue.present()) {
      throw invalid("model", "The field model is missing; name the model to use.");
    }
    if (!messages) {
      throw invalid("messages", "The field messages is missing; give at least one message.");
    }
    if (streamOptionsValue.present() && !stream && !isMessage) {
      throw invalid("stream_options", "The field stream_options needs \"stream\": true.");
    }
    return this;
  }

  /**
   * The parser would take UTF-16 and UTF-32 as well, but then knows no byte offsets; and what a
   * provider makes of a byte order mark is anybody's guess. RFC 8259, section 8.1.
   */
  private void requireUtf8() {
    boolean marked = body.length > 0 && (body[0] & 0xFF) >= 0xEF;
    boolean wide = body.length > 1 && (body[0] == 0 || body[1] == 0);
    if (marked || wide) {
      throw invalid("", "The body must be JSON in UTF-8 without a byte order mark.");
    }
  }

  /** Jackson's own message may quote the body, so only what kind of fault and where is told. */
  private static String malformedText(IOException malformed) {
    String text = malformed.getMessage();
    if (text != null && text.startsWith("Duplicate field")) {
      return "A field occurs twice in one object of the body.";
    }
    return "The body is not valid JSON"
        + (malformed instanceof com.fasterxml.jackson.core.JsonProcessingException json
                && json.getLocation() != null
            ? " (at byte " + json.getLocation().getByteOffset() + ")."
            : ".");
  }

  private static void readMessages(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw invalid("messages", "The field messages must be an array.");
    }
    int index = 0;
    JsonToken token;
    while ((token = json.nextToken()) != JsonToken.END_ARRAY) {
      if (token != JsonToken.START_OBJECT) {
        throw invalid("messages[" + index + "]", "Every message must be an object with a role.");
      }
      boolean role = false;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        role |= "role".equals(json.currentName());
        json.nextToken();
        json.skipChildren();
      }
      if (!role) {
        throw invalid("messages[" + index + "].role", "Every message must have a role.");
      }
      index++;
    }
    if (index == 0) {
      throw invalid("messages", "The field messages is empty; give at least one message.");
    }
  }

  private void readStreamOptions(JsonParser json, int valueStart) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      streamOptionsValue = new Range(valueStart, valueStart + 4);
      return;
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw invalid("stream_options", "The field stream_options must be an object.");
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      streamOptionsEmpty = false;
      String field = json.currentName();
      json.nextToken();
      if ("include_usage".equals(field)) {
        int start = offset(json.currentTokenLocation().getByteOffset());
        usageAsked = flag(json, "stream_options.include_usage");
        includeUsageValue = new Range(start, end(json));
      } else {
        json.skipChildren();
      }
    }
    streamOptionsValue = new Range(valueStart, end(json));
  }

  private static int clientId(JsonParser json) throws IOException {
    if (!ClientId.isAt(json)) {
      throw invalid(
          "id",
          "The field id must be a string or an integer of at most "
              + ClientId.MAX_BYTES
              + " bytes.");
    }
    return end(json);
  }

  private static String text(JsonParser json, String field, int maxLength) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw invalid(field, "The field " + field + " must be a string.");
    }
    String text = json.getText();
    if (text.isEmpty() || text.length() > maxLength) {
      throw invalid(field, "The field " + field + " must have 1 to " + maxLength + " characters.");
    }
    // It goes into the record as it came, and neither Postgres nor Protocol Buffers take all of it.
    if (text.codePoints().anyMatch(ChatRequest::isUnprintable)) {
      throw invalid(
          field, "The field " + field + " holds a control character or half a character.");
    }
    return text;
  }

  private static boolean isUnprintable(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }

  private static boolean flag(JsonParser json, String field) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> throw invalid(field, "The field " + field + " must be true or false.");
    };
  }

  private static long number(JsonParser json, String field, long min, long max) throws IOException {
    boolean whole =
        json.currentToken() == JsonToken.VALUE_NUMBER_INT
            && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    if (!whole || json.getLongValue() < min || json.getLongValue() > max) {
      throw invalid(
          field, "The field " + field + " must be a whole number from " + min + " to " + max + ".");
    }
    return json.getLongValue();
  }

  private static int end(JsonParser json) throws IOException {
    json.finishToken();
    return offset(json.currentLocation().getByteOffset());
  }

  private static int offset(long byteOffset) {
    return Math.toIntExact(byteOffset);
  }

  private static RefusedException invalid(String field, String message) {
    return (field.isEmpty()
            ? Refusal.of(Code.INVALID_REQUEST, message)
            : Refusal.ofField(Code.INVALID_REQUEST, field, message))
        .toException();
  }

  /** The model's name as the client wrote it. */
  public String model() {
    return model;
  }

  public boolean stream() {
    return stream;
  }

  /** Whether the client wants the usage chunk itself. */
  public boolean usageAsked() {
    return usageAsked;
  }

  /** The client's limit on output tokens of one choice; negative where it states none. */
  public long maxTokens() {
    return maxTokens;
  }

  /** How many answers are asked for. */
  public long choices() {
    return choices;
  }

  /** Size of the request; no tokenizer makes more tokens than bytes. */
  public int bytes() {
    return body.length + redactedBytes;
  }

  /**
   * Shows everything in the request that a model may see.
   *
   * @throws RefusedException with {@code invalid_request} where a text is not UTF-8
   */
  public void visit(TextVisitor visitor) {
    try (JsonParser json = JSON.createParser(body)) {
      new RequestTexts(json, isMessage, visitor).visit();
    } catch (IOException malformed) {
      throw invalid("", malformedText(malformed));
    }
  }

  /**
   * Puts placeholders into one text, for every provider that the request goes to; all else of the
   * text stays byte for byte.
   *
   * @param start of the text, as {@link TextVisitor.Place#start()} told it; each at most once
   * @param parts in order, without overlaps
   */
  public void redact(int start, List<Redaction> parts) {
    int at = start + 1;
    int character = 0;
    for (Redaction part : parts) {
      int from = Escapes.after(body, at, part.from() - character);
      at = Escapes.after(body, from, part.to() - part.from());
      character = part.to();
      redactions.add(new Edits.Edit(from, at, part.placeholder()));
      redactedBytes += part.placeholder().length() - (at - from);
    }
  }

  /** The client's id of a WebSocket message as JSON; see {@link ClientId}. */
  public String clientId() {
    return idValue.present()
        ? new String(body, idValue.start(), idValue.end() - idValue.start(), StandardCharsets.UTF_8)
        : ClientId.NONE;
  }

  /**
   * The body for a provider: its name of the model in place of the client's and, for a stream,
   * usage asked for; every other byte as it came.
   */
  public Buffer forProvider(String upstreamModel) {
    Edits edits = new Edits(body);
    edits.addAll(redactions);
    edits.replace(modelValue.start(), modelValue.end(), quote(upstreamModel));
    if (idMember.present()) {
      // null is what an absent optional field means, and needs no care for commas; but the id is
      // not
      // the provider's business, so the member goes, with one of the commas around it.
      edits.removeMember(idMember.start(), idMember.end());
    }
    if (stream) {
      if (!streamValue.present()) {
        edits.insert(closingBrace, ",\"stream\":true");
      } else {
        edits.replace(streamValue.start(), streamValue.end(), "true");
      }
      askForUsage(edits);
    }
    return edits.apply();
  }

  private void askForUsage(Edits edits) {
    if (!streamOptionsValue.present()) {
      edits.insert(closingBrace, ",\"stream_options\":{\"include_usage\":true}");
    } else if (includeUsageValue.present()) {
      if (!usageAsked) {
        edits.replace(includeUsageValue.start(), includeUsageValue.end(), "true");
      }
    } else if (streamOptionsEmpty) {
      edits.replace(
          streamOptionsValue.start(), streamOptionsValue.end(), "{\"include_usage\":true}");
    } else {
      edits.insert(streamOptionsValue.end() - 1, ",\"include_usage\":true");
    }
  }

  private static String quote(String text) {
    return "\""
        + new String(
            com.fasterxml.jackson.core.io.JsonStringEncoder.getInstance().quoteAsString(text))
        + "\"";
  }

  @Override
  public String toString() {
    return "ChatRequest[" + model + ", " + body.length + " bytes]";
  }
}
