package dev.penstock.providersim.refuse;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.penstock.providersim.chat.ChatCall;
import dev.penstock.providersim.chat.ChatCall.Delivery;
import dev.penstock.providersim.chat.ChatCall.Streamed;
import dev.penstock.providersim.chat.ChatCall.Whole;
import java.io.IOException;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a chat completion request as strictly as OpenAI does, and says what is wrong with it. */
public final class BodyCheck {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** The request's fields as of November 2026; anything else is a gateway's own word leaking. */
  private static final Set<String> KNOWN =
      Set.of(
          "messages",
          "model",
          "max_completion_tokens",
          "max_tokens",
          "n",
          "stream",
          "stream_options",
          "temperature",
          "top_p",
          "presence_penalty",
          "frequency_penalty",
          "logit_bias",
          "seed",
          "stop",
          "logprobs",
          "top_logprobs",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "response_format",
          "reasoning_effort",
          "verbosity",
          "modalities",
          "audio",
          "prediction",
          "web_search_options",
          "service_tier",
          "store",
          "metadata",
          "moderation",
          "prompt_cache_key",
          "prompt_cache_options",
          "prompt_cache_retention",
          "safety_identifier",
          "user",
          "functions",
          "function_call");

  private static final Set<String> STREAM_OPTIONS = Set.of("include_usage", "include_obfuscation");

  private BodyCheck() {}

  public static ChatCall read(byte[] body) throws Rejection {
    JsonNode request = parse(body);
    onlyKnown(request, KNOWN, "");
    JsonNode model = request.path("model");
    if (!model.isTextual() || model.textValue().isBlank()) {
      throw Rejection.badRequest("you must provide a model parameter", "model", null);
    }
    long promptTokens = Messages.countTokens(request.get("messages"));
    numbers(request);
    return new ChatCall(model.textValue(), delivery(request), maxTokens(request), promptTokens);
  }

  private static JsonNode parse(byte[] body) throws Rejection {
    JsonNode request;
    try {
      request = MAPPER.readTree(body);
    } catch (IOException notJson) {
      throw unparsable();
    }
    if (!request.isObject()) {
      throw unparsable();
    }
    return request;
  }

  private static Rejection unparsable() {
    return Rejection.badRequest("We could not parse the JSON body of your request.", null, null);
  }

  private static void onlyKnown(JsonNode object, Set<String> known, String prefix)
      throws Rejection {
    Iterator<String> names = object.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name)) {
        throw Rejection.badRequest(
            "Unrecognized request argument supplied: " + prefix + name,
            prefix + name,
            "unknown_parameter");
      }
    }
  }

  private static Delivery delivery(JsonNode request) throws Rejection {
    JsonNode stream = request.path("stream");
    if (!stream.isMissingNode() && !stream.isNull() && !stream.isBoolean()) {
      throw wrong("stream", "a boolean");
    }
    JsonNode options = request.path("stream_options");
    boolean hasOptions = !options.isMissingNode() && !options.isNull();
    if (hasOptions && !stream.asBoolean()) {
      throw Rejection.badRequest(
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
          "stream_options",
          null);
    }
    if (!stream.asBoolean()) {
      return new Whole();
    }
    if (hasOptions && !options.isObject()) {
      throw wrong("stream_options", "an object");
    }
    onlyKnown(options, STREAM_OPTIONS, "stream_options.");
    return new Streamed(
        flag(options, "include_usage", false), flag(options, "include_obfuscation", true));
  }

  private static boolean flag(JsonNode options, String name, boolean absent) throws Rejection {
    JsonNode value = options.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isBoolean()) {
      throw wrong("stream_options." + name, "a boolean");
    }
    return value.booleanValue();
  }

  private static OptionalLong maxTokens(JsonNode request) throws Rejection {
    OptionalLong older = limit(request, "max_tokens");
    OptionalLong newer = limit(request, "max_completion_tokens");
    if (older.isPresent() && newer.isPresent()) {
      throw Rejection.badRequest(
          "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
          "max_tokens",
          "invalid_parameter_combination");
    }
    return older.isPresent() ? older : newer;
  }

  private static OptionalLong limit(JsonNode request, String name) throws Rejection {
    JsonNode value = request.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return OptionalLong.empty();
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 1) {
      throw wrong(name, "a whole number above 0");
    }
    return OptionalLong.of(value.longValue());
  }

  private static void numbers(JsonNode request) throws Rejection {
    range(request, "temperature", 0, 2);
    range(request, "top_p", 0, 1);
    range(request, "presence_penalty", -2, 2);
    range(request, "frequency_penalty", -2, 2);
    JsonNode choices = request.path("n");
    if (!choices.isMissingNode() && !choices.isNull() && choices.asInt(0) != 1) {
      throw wrong("n", "1, all that the simulator plays");
    }
  }

  private static void range(JsonNode request, String name, int least, int most) throws Rejection {
    JsonNode value = request.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return;
    }
    if (!value.isNumber() || value.doubleValue() < least || value.doubleValue() > most) {
      throw wrong(name, "a number, " + least + " to " + most);
    }
  }

  private static Rejection wrong(String param, String expected) {
    return Rejection.badRequest(
        "Invalid value for '" + param + "': expected " + expected + ".", param, "invalid_value");
  }
}
