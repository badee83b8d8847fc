package dev.penstock.dataplane.dialect.body;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.penstock.dataplane.dialect.TextVisitor;
import dev.penstock.kernel.guard.Redaction;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A JSON object that goes to a provider byte for byte, but for what is edited. Holds the prompt;
 * {@link #toString} does not show it.
 */
public final class RequestBody {

  private static final int MAX_DEPTH = 200;
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

  /** Is shown each member of the object. */
  @FunctionalInterface
  public interface Member {

    /**
     * @param json stands at the value, and has to stand at its end afterwards
     * @param nameStart where the member begins
     */
    void read(String field, JsonParser json, int nameStart) throws IOException;
  }

  private final byte[] bytes;
  private final List<Edits.Edit> redactions = new ArrayList<>();
  private int redactedBytes; // how many more the request has for it; fewer where negative
  private int closingBrace;

  private RequestBody(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a body in one pass.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} that
   *     names the field
   */
  public static RequestBody read(Buffer body, Member member) {
    RequestBody read = new RequestBody(body.getBytes());
    read.requireUtf8();
    try (JsonParser json = JSON.createParser(read.bytes)) {
      read.members(json, member);
    } catch (StreamConstraintsException tooDeep) {
      throw Fields.invalid(
          "",
          "The body is nested deeper than "
              + MAX_DEPTH
              + " levels, or a number in it is too long.");
    } catch (JsonEOFException cut) {
      throw Fields.invalid("", "The body ends in the middle of the JSON object.");
    } catch (IOException malformed) {
      throw Fields.invalid("", malformedText(malformed));
    }
    return read;
  }

  private void members(JsonParser json, Member member) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw Fields.invalid("", "The body must be a JSON object.");
    }
    int members = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      if (++members > MAX_MEMBERS) {
        throw Fields.invalid("", "The body has more than " + MAX_MEMBERS + " fields.");
      }
      String field = json.currentName();
      int nameStart = Fields.start(json);
      json.nextToken();
      member.read(field, json, nameStart);
    }
    closingBrace = Fields.start(json);
    if (json.nextToken() != null) {
      throw Fields.invalid("", "Something follows the JSON object in the body.");
    }
  }

  /**
   * The parser would take UTF-16 and UTF-32 as well, but then knows no byte offsets; and what a
   * provider makes of a byte order mark is anybody's guess. RFC 8259, section 8.1.
   */
  private void requireUtf8() {
    boolean marked = bytes.length > 0 && (bytes[0] & 0xFF) >= 0xEF;
    boolean wide = bytes.length > 1 && (bytes[0] == 0 || bytes[1] == 0);
    if (marked || wide) {
      throw Fields.invalid("", "The body must be JSON in UTF-8 without a byte order mark.");
    }
  }

  /** Jackson's own message may quote the body, so only what kind of fault and where is told. */
  private static String malformedText(IOException malformed) {
    String text = malformed.getMessage();
    if (text != null && text.startsWith("Duplicate field")) {
      return "A field occurs twice in one object of the body.";
    }
    return "The body is not valid JSON"
        + (malformed instanceof JsonProcessingException json && json.getLocation() != null
            ? " (at byte " + json.getLocation().getByteOffset() + ")."
            : ".");
  }

  /** Size of the request; no tokenizer makes more tokens than bytes. */
  public int size() {
    return bytes.length + redactedBytes;
  }

  /** Where a further member can be put in, after a comma. */
  public int closingBrace() {
    return closingBrace;
  }

  /** A part of it, as it came. */
  public String text(Range range) {
    return new String(bytes, range.start(), range.end() - range.start(), StandardCharsets.UTF_8);
  }

  /**
   * Shows everything in it that a model may see.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} where a
   *     text is not UTF-8
   */
  public void visit(TextRules rules, TextVisitor visitor) {
    try (JsonParser json = JSON.createParser(bytes)) {
      new TextWalk(json, rules, visitor).visit();
    } catch (IOException malformed) {
      throw Fields.invalid("", malformedText(malformed));
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
      int from = Escapes.after(bytes, at, part.from() - character);
      at = Escapes.after(bytes, from, part.to() - part.from());
      character = part.to();
      redactions.add(new Edits.Edit(from, at, part.placeholder()));
      redactedBytes += part.placeholder().length() - (at - from);
    }
  }

  /**
   * Changes for one provider: its name of the model in place of the client's, and what is redacted.
   */
  public Edits withModel(Range model, String upstreamModel) {
    Edits edits = new Edits(bytes);
    edits.addAll(redactions);
    edits.replace(model.start(), model.end(), quote(upstreamModel));
    return edits;
  }

  private static String quote(String text) {
    return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
  }

  @Override
  public String toString() {
    return "RequestBody[" + bytes.length + " bytes]";
  }
}
