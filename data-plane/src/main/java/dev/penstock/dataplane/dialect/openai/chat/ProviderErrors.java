package dev.penstock.dataplane.dialect.openai.chat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.penstock.dataplane.dialect.ProviderError;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the errors of OpenAI ({@code {"error":{…}}}), of Mistral and older vLLM ({@code
 * {"object":"error",…}}), and of validation at Mistral ({@code {"detail":[…]}}).
 */
final class ProviderErrors {

  private static final int MAX_BYTES = 256 << 10;
  private static final int MAX_MESSAGE = 2_000;
  private static final int MAX_WORD = 128;
  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build())
              .build());

  private ProviderErrors() {}

  static ProviderError read(int status, byte[] body) {
    JsonNode root = parse(body, 0, body.length);
    JsonNode error = root.path("error");
    if (error.isTextual()) {
      return of(status, error.textValue(), "", "");
    }
    JsonNode fault = error.isObject() ? error : root;
    JsonNode detail = fault.path("message").isObject() ? fault.path("message") : fault;
    if (detail.has("detail")) {
      return invalid(status, detail.path("detail"));
    }
    return of(status, text(fault, "message"), code(fault), text(fault, "param"));
  }

  /** In mid-stream the status has passed, so it is told from what the error says. */
  static ProviderError inStream(byte[] bytes, int from, int to) {
    JsonNode root = parse(bytes, from, to);
    JsonNode fault = root.path("error").isObject() ? root.path("error") : root;
    return read(status(fault), Arrays.copyOfRange(bytes, from, to));
  }

  private static JsonNode parse(byte[] bytes, int from, int to) {
    if (to - from > MAX_BYTES) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(bytes, from, to - from);
    } catch (IOException noJson) {
      return MissingNode.getInstance(); // a proxy's page, perhaps; the status says enough
    }
  }

  private static int status(JsonNode fault) {
    int told = fault.path("raw_status_code").asInt(fault.path("code").asInt(0));
    if (told >= 400 && told <= 599) {
      return told;
    }
    String words = text(fault, "type") + " " + text(fault, "code");
    if (words.contains("rate_limit") || words.contains("quota")) {
      return 429;
    }
    if (words.contains("overloaded") || words.contains("unavailable")) {
      return 503;
    }
    return words.contains("invalid_request") || words.contains("content_filter") ? 400 : 500;
  }

  private static String code(JsonNode fault) {
    String code = text(fault, "code");
    return code.isEmpty() ? text(fault, "type") : code;
  }

  /** The first of the faults that a validation found. */
  private static ProviderError invalid(int status, JsonNode detail) {
    if (detail.isTextual()) {
      return of(status, detail.textValue(), "", "");
    }
    JsonNode first = detail.path(0);
    StringBuilder path = new StringBuilder();
    for (JsonNode step : first.path("loc")) {
      if (step.isIntegralNumber()) {
        path.append('[').append(step.asInt()).append(']');
      } else if (path.length() > 0) {
        path.append('.').append(step.asText());
      } else if (!"body".equals(step.asText())) {
        path.append(step.asText());
      }
    }
    return of(status, text(first, "msg"), text(first, "type"), path.toString());
  }

  private static ProviderError of(int status, String message, String code, String param) {
    String told = message.isEmpty() ? "The provider answered with status " + status + "." : message;
    return new ProviderError(
        status,
        cut(told, MAX_MESSAGE),
        cut(code, MAX_WORD),
        param.isEmpty() ? Optional.empty() : Optional.of(cut(param, MAX_WORD)));
  }

  private static String text(JsonNode object, String name) {
    return object.path(name).isTextual() ? object.path(name).textValue() : "";
  }

  private static String cut(String text, int max) {
    return text.length() <= max ? text : text.substring(0, max) + "…";
  }
}
