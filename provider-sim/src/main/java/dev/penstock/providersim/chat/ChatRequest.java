package dev.penstock.providersim.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.chat.ChatStream.UsagePlace;
import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.openai.AzureProvider;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a chat completion request as strictly as its provider, and says what is wrong with it. */
final class ChatRequest {
  private static final int MOST_STOPS = 4;

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
  private static final Set<String> EFFORTS =
      Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  private final Flavour flavour;

  ChatRequest(Flavour flavour) {
    this.flavour = flavour;
  }

  Asked read(Head head, byte[] body) throws Rejection {
    RequestFields request = RequestFields.parse(body);
    if (!flavour.isOpen()) {
      request.onlyKnown(KNOWN);
      request.mayBeOneOf("reasoning_effort", EFFORTS);
    }
    String model = model(head, request);
    long promptTokens = Asked.tokens(ChatMessages.textBytes(request));
    numbers(request);
    stop(request);
    ChatTools.check(request, flavour);
    return new Asked(model, maxTokens(request), promptTokens, form(request, model));
  }

  /** Azure's older paths name the deployment; what the body says is then not looked at. */
  private static String model(Head head, RequestFields request) throws Rejection {
    if (head.path().startsWith(AzureProvider.DEPLOYMENTS)) {
      return AzureProvider.deployment(head.path());
    }
    JsonNode model = request.node("model");
    if (!model.isTextual() || model.textValue().isBlank()) {
      throw Rejection.badRequest("you must provide a model parameter", "model", null);
    }
    return model.textValue();
  }

  private Asked.Form form(RequestFields request, String model) throws Rejection {
    boolean stream = request.flag("stream");
    Optional<RequestFields> options = request.object("stream_options");
    if (options.isPresent() && !stream) {
      throw Rejection.badRequest(
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
          "stream_options",
          null);
    }
    if (!stream) {
      return new Asked.Whole(new WholeChat(ReplyId.fresh(model), flavour));
    }
    return streamed(options).form(model);
  }

  private ChatStream streamed(Optional<RequestFields> options) throws Rejection {
    if (options.isEmpty()) {
      return new ChatStream(flavour, UsagePlace.NOWHERE, flavour == Flavour.OPENAI);
    }
    RequestFields given = options.get();
    if (!flavour.isOpen()) {
      given.onlyKnown(STREAM_OPTIONS);
    }
    UsagePlace place = given.flag("include_usage") ? UsagePlace.LAST_CHUNK : UsagePlace.NOWHERE;
    if (flavour.isOpen()
        && place == UsagePlace.LAST_CHUNK
        && given.flag("continuous_usage_stats")) {
      place = UsagePlace.EVERY_CHUNK;
    }
    boolean obfuscation =
        given.has("include_obfuscation")
            ? given.flag("include_obfuscation")
            : flavour == Flavour.OPENAI;
    return new ChatStream(flavour, place, obfuscation);
  }

  private static OptionalLong maxTokens(RequestFields request) throws Rejection {
    OptionalLong older = request.whole("max_tokens", 1, Long.MAX_VALUE);
    OptionalLong newer = request.whole("max_completion_tokens", 1, Long.MAX_VALUE);
    if (older.isPresent() && newer.isPresent()) {
      throw Rejection.badRequest(
          "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
          "max_tokens",
          "invalid_parameter_combination");
    }
    return older.isPresent() ? older : newer;
  }

  private static void numbers(RequestFields request) throws Rejection {
    request.range("temperature", 0, 2);
    request.range("top_p", 0, 1);
    request.range("presence_penalty", -2, 2);
    request.range("frequency_penalty", -2, 2);
    request.whole("seed", Long.MIN_VALUE, Long.MAX_VALUE);
    if (request.has("n") && request.node("n").asInt(0) != 1) {
      throw request.wrongValue("n", "1, all that the simulator plays");
    }
  }

  private static void stop(RequestFields request) throws Rejection {
    JsonNode stop = request.node("stop");
    if (!request.has("stop") || stop.isTextual()) {
      return;
    }
    if (!stop.isArray() || stop.size() > MOST_STOPS) {
      throw request.wrongValue("stop", "a string or an array of at most 4 strings");
    }
    for (JsonNode one : stop) {
      if (!one.isTextual()) {
        throw request.wrongType("stop", "a string or an array of at most 4 strings");
      }
    }
  }
}
