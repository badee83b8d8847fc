package dev.penstock.providersim.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** Server-sent events as bytes. */
public final class Sse {
  public static final String DONE = "data: [DONE]\n\n";

  private Sse() {}

  /** An event without a name. */
  public static Buffer data(JsonNode data) {
    return Buffer.buffer("data: " + data + "\n\n");
  }

  public static Buffer named(String name, JsonNode data) {
    return Buffer.buffer("event: " + name + "\ndata: " + data + "\n\n");
  }

  /** Text stands as it is, line by line; anything else is JSON. */
  public static Buffer scripted(@Nullable String name, JsonNode data) {
    String text = data.isTextual() ? data.textValue().replace("\n", "\ndata: ") : data.toString();
    return Buffer.buffer((name == null ? "" : "event: " + name + "\n") + "data: " + text + "\n\n");
  }
}
