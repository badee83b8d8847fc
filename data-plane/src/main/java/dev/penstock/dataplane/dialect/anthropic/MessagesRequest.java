package dev.penstock.dataplane.dialect.anthropic;

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
 * A request for a message, or to count its tokens: its bytes, and where in them the few things
 * stand that the gateway reads or changes. Everything else goes to the provider as it came.
 *
 * <p>Holds the prompt; {@link #toString} does not show it. Source: Anthropic API reference, "Create
 * a Message" and "Count tokens in a Message".
 */
public final class MessagesRequest implements ClientRequest {

  /** The word for fast mode, as a request's and an answer's {@code speed}. */
  static final String FAST = "fast";

  private static final String LIMIT = "max_tokens";

  private static final MessagesTexts RULES = new MessagesTexts();

  private final RequestBody body;
  private String model = "";
  private boolean stream;
  private final OutputLimit output = new OutputLimit();
  private long thinkingTokens;
  private boolean messages;
  private boolean counts;
  private String serviceTier = "";
  private String speed = "";
  private Range modelValue = Range.ABSENT;

  private MessagesRequest(Buffer bytes) {
    body = RequestBody.read(bytes, (field, json, _) -> readMember(field, json));
    Fields.requireModel(modelValue);
    if (!messages) {
      throw Fields.invalid("messages", "The field messages is missing; give at least one message.");
    }
  }

  /**
   * Reads a request for a message.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} that
   *     names the field
   */
  public static MessagesRequest read(Buffer body) {
    MessagesRequest request = new MessagesRequest(body);
    if (request.output.tokens() < 0) {
      throw Fields.invalid(
          LIMIT, "The field max_tokens is missing; say how many tokens the answer may have.");
    }
    return request;
  }

  /**
   * Reads a request to count tokens, which is for no answer and so has neither a limit on one nor a
   * stream.
   *
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code invalid_request} that
   *     names the field
   */
  public static MessagesRequest readCount(Buffer body) {
    MessagesRequest request = new MessagesRequest(body);
    if (request.stream) {
      throw Fields.invalid("stream", "The field stream is not part of a request to count tokens.");
    }
    request.counts = true;
    return request;
  }

  private void readMember(String field, JsonParser json) throws IOException {
    switch (field) {
      case "model" -> {
        int start = Fields.start(json);
        model = Fields.model(json, field);
        modelValue = new Range(start, Fields.end(json));
      }
      case "messages" -> {
        messages = true;
        Fields.messages(json, field);
      }
      case "stream" -> stream = Fields.flag(json, field);
      case LIMIT -> output.read(json, field, 0);
      case "thinking" -> readThinking(json);
      case "service_tier" -> serviceTier = Fields.serviceTier(json);
      case "speed" -> speed = Fields.serviceTier(json);
      default -> json.skipChildren();
    }
  }

  /** Whatever is wrong with it is its provider's to say. */
  private void readThinking(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      if (json.nextToken() == JsonToken.VALUE_NUMBER_INT
          && "budget_tokens".equals(field)
          && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
        thinkingTokens = json.getLongValue();
      }
      json.skipChildren();
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

  /** 0 where the prompt is only to be cached, or its tokens counted. */
  @Override
  public long maxTokens() {
    return counts ? 0 : output.tokens();
  }

  @Override
  public void limitOutput(long most) {
    output.lower(most);
  }

  /** Thoughts are part of the output, and their budget has to be less than its limit. */
  @Override
  public long leastOutput() {
    return thinkingTokens;
  }

  @Override
  public String serviceTier() {
    return FAST.equals(speed) ? speed : serviceTier;
  }

  @Override
  public int bytes() {
    return body.size();
  }

  @Override
  public void visit(TextVisitor visitor) {
    body.visit(RULES, visitor);
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
    return "MessagesRequest[" + model + ", " + body + "]";
  }
}
