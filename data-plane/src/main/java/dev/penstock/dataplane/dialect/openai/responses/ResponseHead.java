package dev.penstock.dataplane.dialect.openai.responses;

import com.fasterxml.jackson.core.JsonParser;
import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.openai.OpenAiUsage;
import dev.penstock.dataplane.dialect.openai.responses.Wire.Span;
import dev.penstock.kernel.money.Tokens;
import java.io.IOException;
import java.util.Optional;

/** What a response object says beside its output. */
final class ResponseHead {

  private final Span object;
  private String id = "";
  private String model = "";
  private String status = "";
  private String incompleteReason = "";
  private String serviceTier = "";
  private long createdAt;
  private Span output = Span.NONE;
  private Span error = Span.NONE;
  private Span usage = Span.NONE;

  private ResponseHead(Span object) {
    this.object = object;
  }

  static ResponseHead read(Span object) throws MalformedAnswer {
    ResponseHead head = new ResponseHead(object);
    if (!object.isEmpty()) {
      Wire.object(object, head::member);
    }
    return head;
  }

  private void member(String name, JsonParser json) throws IOException {
    switch (name) {
      case "id" -> id = Wire.text(json);
      case "model" -> model = Wire.text(json);
      case "status" -> status = Wire.text(json);
      case "service_tier" -> serviceTier = Wire.text(json);
      case "created_at" -> createdAt = Math.max(0, Wire.number(json));
      case "output" -> output = Wire.span(json, object);
      case "error" -> error = Wire.span(json, object);
      case "usage" -> usage = Wire.span(json, object);
      case "incomplete_details" ->
          Wire.members(
              json,
              (detail, value) -> {
                if (detail.equals("reason")) {
                  incompleteReason = Wire.text(value);
                } else {
                  value.skipChildren();
                }
              });
      default -> json.skipChildren();
    }
  }

  String id() {
    return id;
  }

  String model() {
    return model;
  }

  /** {@code completed}, {@code incomplete}, {@code failed} and others; empty where not stated. */
  String status() {
    return status;
  }

  /** In which it was served; empty where not stated. */
  String serviceTier() {
    return serviceTier;
  }

  /** Seconds of Unix time; 0: not stated. */
  long createdAt() {
    return createdAt;
  }

  /** The array of items. */
  Span output() {
    return output;
  }

  Span error() {
    return error;
  }

  /** Empty where there is none, or none that can be believed. */
  Optional<Tokens> usage() {
    return usage.isEmpty()
        ? Optional.empty()
        : OpenAiUsage.read(usage.bytes(), usage.from(), usage.to());
  }

  /** Why the answer is not whole. */
  FinishReason incompleteReason() {
    return switch (incompleteReason) {
      case "max_output_tokens", "max_tokens" -> FinishReason.LENGTH;
      case "content_filter" -> FinishReason.CONTENT_FILTER;
      default -> FinishReason.STOP;
    };
  }
}
