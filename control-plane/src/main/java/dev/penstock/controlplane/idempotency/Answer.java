package dev.penstock.controlplane.idempotency;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Objects;

/** What a write is answered with, before it becomes HTTP. */
public record Answer(int status, Map<String, String> headers, JsonNode body) {

  public Answer {
    headers = Map.copyOf(headers);
    Objects.requireNonNull(body, "body");
  }
}
