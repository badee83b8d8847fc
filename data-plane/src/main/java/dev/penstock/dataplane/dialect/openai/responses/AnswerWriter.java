package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelEvent.Started;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ReasoningMark;
import dev.penstock.dataplane.dialect.ReasoningMark.Kind;
import dev.penstock.dataplane.dialect.json.JsonBody;
import dev.penstock.dataplane.dialect.openai.OpenAiError;
import dev.penstock.dataplane.dialect.openai.OpenAiUsage;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer to a client. The end of a stream repeats all of it, so all of it is kept, up to
 * {@link #MAX_ANSWER_CHARS}.
 *
 * <p>Of an item that has ended only the last is not told before the next event: whether it is whole
 * stands in its end, and only the finish says so.
 */
final class AnswerWriter implements AnswerEncoder {

  /** Far more than any model's limit on output tokens makes; a longer answer is refused. */
  static final int MAX_ANSWER_CHARS = 16 * 1024 * 1024;

  /** What an item counts for beside its text. */
  private static final int ITEM_CHARS = 1_024;

  private final ModelRequest request;
  private final ResponseObject rest;
  private final EventWriter events = new EventWriter();
  private final List<ItemWriter> items = new ArrayList<>();
  private String id;
  private String model;
  private long createdAt;
  private boolean started;
  private int chars;
  private @Nullable ItemWriter ended;
  private @Nullable Tokens usage;
  private @Nullable FinishReason reason;

  AnswerWriter(ModelRequest request, String answerId, Instant askedAt) {
    this.request = request;
    rest = new ResponseObject(request);
    id = answerId;
    model = request.model();
    createdAt = askedAt.getEpochSecond();
  }

  /**
   * @throws dev.penstock.dataplane.exchange.RefusedException with {@code upstream_error} where the
   *     answer is larger than {@link #MAX_ANSWER_CHARS}
   */
  @Override
  public void event(ModelEvent event, Buffer out) {
    Buffer stream = request.stream() ? out : Buffer.buffer();
    switch (event) {
      case Started begin -> start(begin, stream);
      case ModelEvent.BlockStarted block -> startBlock(block, stream);
      case ModelEvent.TextDelta delta -> delta(delta.block(), delta.text(), stream);
      case ModelEvent.ReasoningDelta delta -> delta(delta.block(), delta.text(), stream);
      case ModelEvent.ArgumentsDelta delta -> delta(delta.block(), delta.json(), stream);
      case ModelEvent.Signature proof -> {
        count(proof.signature());
        items
            .get(proof.block())
            .item()
            .prove(new ReasoningMark(proof.signature(), Kind.SIGNATURE, proof.madeBy()));
      }
      case ModelEvent.BlockEnded end -> {
        tellEnd(WrittenItem.COMPLETED, stream);
        ended = items.get(end.block());
      }
      case ModelEvent.UsageReported reported -> usage = reported.tokens();
      case ModelEvent.Finished finished -> {
        reason = finished.reason();
        tellEnd(isWhole() ? WrittenItem.COMPLETED : WrittenItem.INCOMPLETE, stream);
      }
      case ModelEvent.KeepAlive _ -> {
        if (request.stream()) {
          out.appendBuffer(keepAlive());
        }
      }
      case ModelEvent.Failed _, ModelEvent.Ended _ -> {} // told by failure and terminal
    }
  }

  private void start(Started begin, Buffer out) {
    if (!begin.id().isEmpty()) {
      id = begin.id();
    }
    if (!begin.model().isEmpty()) {
      model = begin.model();
    }
    if (begin.createdUnixSeconds() > 0) {
      createdAt = begin.createdUnixSeconds();
    }
    announce(out);
  }

  private void announce(Buffer out) {
    if (!started) {
      started = true;
      response(out, "response.created", WrittenItem.IN_PROGRESS, null);
      response(out, "response.in_progress", WrittenItem.IN_PROGRESS, null);
    }
  }

  private void startBlock(ModelEvent.BlockStarted block, Buffer out) {
    tellEnd(WrittenItem.COMPLETED, out);
    chars += ITEM_CHARS;
    if (block.content() instanceof Block.EncryptedReasoning encrypted) {
      count(encrypted.content());
    }
    ItemWriter item = new ItemWriter(new WrittenItem(items.size(), block.content(), id), events);
    items.add(item);
    item.start(out);
  }

  private void delta(int block, String text, Buffer out) {
    if (!text.isEmpty()) {
      count(text);
      items.get(block).delta(text, out);
    }
  }

  private void count(String text) {
    if (text.length() > MAX_ANSWER_CHARS - chars) {
      throw Refusal.of(
              Code.UPSTREAM_ERROR,
              "The provider's answer is longer than the %d characters that this gateway translates."
                  .formatted(MAX_ANSWER_CHARS))
          .toException();
    }
    chars += text.length();
  }

  private void tellEnd(String status, Buffer out) {
    if (ended != null) {
      ended.end(status, out);
      ended = null;
    }
  }

  /** A stream or an answer may only end well where the provider has finished. */
  private FinishReason reason() {
    if (reason == null) {
      throw new IllegalStateException("an answer without a finish is not complete");
    }
    return reason;
  }

  private boolean isWhole() {
    return switch (reason()) {
      case LENGTH, CONTEXT_FULL -> false;
      // A model's own refusal is a part of a whole answer; else something cut it.
      case CONTENT_FILTER ->
          items.stream().anyMatch(item -> item.item().content() instanceof Block.Refusal);
      case STOP, STOP_SEQUENCE, TOOL_CALLS, PAUSED -> true;
    };
  }

  @Override
  public Buffer terminal() {
    Buffer out = Buffer.buffer();
    announce(out);
    String status = isWhole() ? WrittenItem.COMPLETED : WrittenItem.INCOMPLETE;
    response(out, "response." + status, status, null);
    return out;
  }

  /**
   * The fault stands in the event twice, flat as it is documented and nested as it really comes:
   * some SDKs raise only the one, some only the other. Then the response fails, as OpenAI's do.
   */
  @Override
  public Buffer failure(Refusal refusal, String requestId) {
    Buffer out = Buffer.buffer();
    OpenAiError error = OpenAiError.of(refusal, requestId);
    for (ItemWriter item : items) {
      if (item.item().isOpen()) {
        item.item().end(WrittenItem.INCOMPLETE);
      }
    }
    events.write(out, "error", json -> ResponsesErrors.writeEvent(json, error));
    response(out, "response.failed", "failed", error);
    return out;
  }

  @Override
  public Buffer keepAlive() {
    return new ResponsesErrors().keepAlive();
  }

  @Override
  public Buffer whole() {
    String status = isWhole() ? WrittenItem.COMPLETED : WrittenItem.INCOMPLETE;
    return JsonBody.of(json -> members(json, status, null));
  }

  private void response(Buffer out, String event, String status, @Nullable OpenAiError error) {
    events.write(
        out,
        event,
        json -> {
          json.writeObjectFieldStart("response");
          members(json, status, error);
          json.writeEndObject();
        });
  }

  private void members(JsonGenerator json, String status, @Nullable OpenAiError error)
      throws IOException {
    json.writeStringField("id", id);
    json.writeStringField("object", "response");
    json.writeNumberField("created_at", createdAt);
    json.writeNullField("completed_at"); // a codec has no clock
    json.writeStringField("status", status);
    ResponsesErrors.writeMember(json, error);
    incompleteDetails(json, status);
    json.writeStringField("model", model);
    json.writeArrayFieldStart("output");
    for (ItemWriter item : items) {
      item.item().write(json);
    }
    json.writeEndArray();
    if (usage != null) {
      OpenAiUsage.writeOfResponse(json, usage);
    } else {
      json.writeNullField("usage");
    }
    rest.writeRest(json);
  }

  private void incompleteDetails(JsonGenerator json, String status) throws IOException {
    if (!status.equals(WrittenItem.INCOMPLETE)) {
      json.writeNullField("incomplete_details");
      return;
    }
    json.writeObjectFieldStart("incomplete_details");
    json.writeStringField(
        "reason", reason() == FinishReason.CONTENT_FILTER ? "content_filter" : "max_output_tokens");
    json.writeEndObject();
  }
}
