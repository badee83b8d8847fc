package dev.penstock.dataplane.dialect.openai.embeddings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.TextVisitor;
import dev.penstock.dataplane.dialect.body.Fields;
import dev.penstock.dataplane.dialect.body.Range;
import dev.penstock.dataplane.dialect.body.RequestBody;
import dev.penstock.kernel.guard.Redaction;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;

/**
 * A request for embeddings: its bytes, and where in them the model stands. Everything else goes to
 * the provider as it came, {@code encoding_format} too: SDKs that name none ask for base64 and
 * expect it.
 *
 * <p>Holds texts; {@link #toString} does not show them. Source: OpenAI API reference, "Create
 * embeddings".
 */
public final class EmbeddingsRequest implements ClientRequest {

  /** OpenAI API reference: an array has at most 2,048 inputs. */
  private static final int MAX_INPUTS = 2_048;

  private final RequestBody body;
  private String model = "";
  private Range modelValue = Range.ABSENT;
  private boolean input;
  private int tokensStart = -1;

  private EmbeddingsRequest(Buffer bytes) {
    body = RequestBody.read(bytes, this::readMember);
    Fields.requireModel(modelValue);
    if (!input) {
      throw Fields.invalid("input", "The field input is missing; give a string or an array.");
    }
  }

  /**
   * Reads an HTTP body.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} that
   *     names the field
   */
  public static EmbeddingsRequest read(Buffer body) {
    return new EmbeddingsRequest(body);
  }

  private void readMember(String field, JsonParser json, int nameStart) throws IOException {
    int start = Fields.start(json);
    switch (field) {
      case "model" -> {
        model = Fields.model(json, field);
        modelValue = new Range(start, Fields.end(json));
      }
      case "input" -> readInput(json, start);
      default -> json.skipChildren();
    }
  }

  private void readInput(JsonParser json, int start) throws IOException {
    input = true;
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      json.finishToken();
      return;
    }
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw Fields.invalid("input", "The field input must be a string or an array.");
    }
    int inputs = 0;
    boolean tokens = false;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      boolean single = json.currentToken() == JsonToken.VALUE_NUMBER_INT; // all are one text's
      if (!single && ++inputs > MAX_INPUTS) {
        throw Fields.invalid("input", "The field input has more than " + MAX_INPUTS + " elements.");
      }
      tokens |= single || json.currentToken() == JsonToken.START_ARRAY;
      requireInput(json, inputs - 1);
    }
    if (inputs == 0 && !tokens) {
      throw Fields.invalid("input", "The field input is empty; give at least one text.");
    }
    tokensStart = tokens ? start : -1;
  }

  private static void requireInput(JsonParser json, int index) throws IOException {
    switch (json.currentToken()) {
      case VALUE_STRING, VALUE_NUMBER_INT -> json.finishToken();
      case START_ARRAY -> {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw Fields.invalid(
                "input[" + index + "]", "An array inside of input must hold tokens.");
          }
        }
      }
      default ->
          throw Fields.invalid("input", "The field input may hold texts or tokens, nothing else.");
    }
  }

  @Override
  public String model() {
    return model;
  }

  /** Embeddings come at once. */
  @Override
  public boolean stream() {
    return false;
  }

  /** An embedding has no output tokens. */
  @Override
  public long maxTokens() {
    return 0;
  }

  @Override
  public void limitOutput(long most) {
    // there is none
  }

  @Override
  public int bytes() {
    return body.size();
  }

  /** Texts that come as tokens of the model cannot be searched. */
  @Override
  public void visit(TextVisitor visitor) {
    body.visit(new EmbeddingsTexts(), visitor);
    if (tokensStart >= 0) {
      visitor.opaque(new Tokens(tokensStart));
    }
  }

  private record Tokens(int start) implements TextVisitor.Place {

    @Override
    public String path() {
      return "input";
    }

    @Override
    public boolean isValue() {
      return false;
    }
  }

  @Override
  public void redact(int start, List<Redaction> parts) {
    body.redact(start, parts);
  }

  @Override
  public Buffer forProvider(String upstreamModel) {
    return body.withModel(modelValue, upstreamModel).apply();
  }

  @Override
  public String toString() {
    return "EmbeddingsRequest[" + model + ", " + body.size() + " bytes]";
  }
}
