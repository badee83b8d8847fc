package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.TextVisitor;
import dev.penstock.dataplane.dialect.body.Edits;
import dev.penstock.dataplane.dialect.body.Fields;
import dev.penstock.dataplane.dialect.body.OutputLimit;
import dev.penstock.dataplane.dialect.body.Range;
import dev.penstock.dataplane.dialect.body.RequestBody;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.kernel.guard.Redaction;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;

/**
 * A request for a response: its bytes, and where in them the few things stand that the gateway
 * reads or changes. Everything else goes to the provider as it came.
 *
 * <p>Holds the prompt; {@link #toString} does not show it. Source: OpenAI API reference, "Create a
 * model response".
 */
public final class ResponsesRequest implements ClientRequest {

  private static final String PREVIOUS = "previous_response_id";
  private static final String LIMIT = "max_output_tokens";

  private final RequestBody body;
  private String model = "";
  private boolean stream;
  private final OutputLimit output = new OutputLimit();
  private String serviceTier = "";
  private boolean asks;
  private boolean inputElsewhere;
  private Range modelValue = Range.ABSENT;
  private final boolean isTurn;

  private ResponsesRequest(Buffer bytes, boolean isTurn) {
    this.isTurn = isTurn;
    body = RequestBody.read(bytes, this::readMember);
    Fields.requireModel(modelValue);
    if (!asks) {
      throw Fields.invalid("input", "The field input is missing; give a string or items.");
    }
  }

  /**
   * Reads an HTTP body.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} that
   *     names the field, or {@code unsupported_field} where an answer would come later
   */
  public static ResponsesRequest read(Buffer body) {
    return new ResponsesRequest(body, false);
  }

  /**
   * Reads a turn on a WebSocket, in the form of an HTTP body: an answer that it goes on from and
   * that no provider keeps is one that the connection no longer remembers.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException as {@link #read} does
   */
  public static ResponsesRequest readTurn(Buffer body) {
    return new ResponsesRequest(body, true);
  }

  private void readMember(String field, JsonParser json, int nameStart) throws IOException {
    switch (field) {
      case "model" -> {
        int start = Fields.start(json);
        model = Fields.model(json, field);
        modelValue = new Range(start, Fields.end(json));
      }
      case "input" -> readInput(json);
      case "stream" -> stream = Fields.flag(json, field);
      case "background" -> requireForeground(json);
      case LIMIT -> output.read(json, field, 1);
      case PREVIOUS, "conversation", "prompt" -> {
        inputElsewhere |= json.currentToken() != JsonToken.VALUE_NULL;
        asks |= inputElsewhere;
        json.skipChildren();
      }
      case "service_tier" -> serviceTier = Fields.serviceTier(json);
      default -> json.skipChildren();
    }
  }

  private void readInput(JsonParser json) throws IOException {
    switch (json.currentToken()) {
      case VALUE_STRING -> {
        asks = true;
        json.finishToken();
      }
      case START_ARRAY -> {
        asks = true;
        readItems(json);
      }
      case VALUE_NULL -> {}
      default ->
          throw Fields.invalid("input", "The field input must be a string or an array of items.");
    }
  }

  private static void readItems(JsonParser json) throws IOException {
    int index = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        throw Fields.invalid("input[" + index + "]", "Every item must be an object.");
      }
      json.skipChildren();
      index++;
    }
  }

  /** What is fetched later goes past the gateway, and would be charged to nobody. */
  private static void requireForeground(JsonParser json) {
    if (Fields.flag(json, "background")) {
      throw Refusal.ofField(
              Code.UNSUPPORTED_FIELD,
              "background",
              "The field background cannot be true: this gateway answers at once. Leave it out.")
          .toException();
    }
  }

  @Override
  public boolean hasInputElsewhere() {
    return inputElsewhere;
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
  public long maxTokens() {
    return output.tokens();
  }

  @Override
  public void limitOutput(long most) {
    output.lower(most);
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
  public Refusal lost(Refusal refusal) {
    return isTurn && refusal.param().filter(PREVIOUS::equals).isPresent()
        ? previousNotFound()
        : refusal;
  }

  /** What is said of a response that nobody remembers. */
  public static Refusal previousNotFound() {
    return Refusal.ofField(
        Code.PREVIOUS_RESPONSE_NOT_FOUND,
        PREVIOUS,
        "There is no response of this id on this connection, and no provider of the model keeps"
            + " one; send the whole conversation as input, without previous_response_id.");
  }

  @Override
  public void visit(TextVisitor visitor) {
    body.visit(new ResponsesTexts(), visitor);
  }

  @Override
  public void redact(int start, List<Redaction> parts) {
    body.redact(start, parts);
  }

  @Override
  public Buffer forProvider(String upstreamModel) {
    Edits edits = body.withModel(modelValue, upstreamModel);
    output.write(body, edits, LIMIT);
    return edits.apply();
  }

  @Override
  public String toString() {
    return "ResponsesRequest[" + model + ", " + body.size() + " bytes]";
  }
}
