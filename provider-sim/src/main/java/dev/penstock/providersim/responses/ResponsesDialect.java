package dev.penstock.providersim.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Dialect;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** {@code POST /v1/responses}, without what needs a memory: nothing is stored here. */
public record ResponsesDialect(Provider provider) implements Dialect {
  /** OpenAI refuses less; so the smallest limits of Chat cannot be carried over. */
  private static final long LEAST_OUTPUT_TOKENS = 16;

  /** No {@code stop, n, seed, logit_bias}, and no penalties (November 2026). */
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "input",
          "instructions",
          "max_output_tokens",
          "max_tool_calls",
          "temperature",
          "top_p",
          "top_logprobs",
          "tools",
          "tool_choice",
          "parallel_tool_calls",
          "text",
          "reasoning",
          "include",
          "previous_response_id",
          "conversation",
          "store",
          "truncation",
          "background",
          "stream",
          "stream_options",
          "metadata",
          "service_tier",
          "prompt",
          "prompt_cache_key",
          "prompt_cache_options",
          "prompt_cache_retention",
          "context_management",
          "safety_identifier",
          "moderation",
          "user");

  private static final Set<String> EFFORTS =
      Set.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  private static final Set<String> INCLUDES =
      Set.of(
          "reasoning.encrypted_content",
          "message.output_text.logprobs",
          "message.input_image.image_url",
          "file_search_call.results",
          "web_search_call.action.sources",
          "code_interpreter_call.outputs",
          "computer_call_output.output.image_url");

  @Override
  public Asked read(Head head, byte[] body) throws Rejection {
    RequestFields request = RequestFields.parse(body).onlyKnown(KNOWN);
    String model = request.needText("model");
    long bytes =
        RequestFields.utf8(request.text("instructions").orElse(""))
            + ResponseInput.textBytes(request);
    memory(request);
    settings(request);
    ResponseTools.check(request);
    OptionalLong most = request.whole("max_output_tokens", LEAST_OUTPUT_TOKENS, Long.MAX_VALUE);
    return new Asked(model, most, Asked.tokens(bytes), form(request, model));
  }

  private static Asked.Form form(RequestFields request, String model) throws Rejection {
    boolean stream = request.flag("stream");
    Optional<RequestFields> options = request.object("stream_options");
    if (options.isPresent() && !stream) {
      throw Rejection.badRequest(
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
          "stream_options",
          null);
    }
    Shown shown = shown(request, options);
    ResponseObject response = new ResponseObject(model, request.json());
    return stream
        ? new Asked.Streamed(new ResponseEvents(response, shown))
        : new Asked.Whole(new WholeResponse(response, shown));
  }

  private static Shown shown(RequestFields request, Optional<RequestFields> options)
      throws Rejection {
    boolean sealed = false;
    for (JsonNode include : request.node("include")) {
      if (!INCLUDES.contains(include.asText())) {
        throw request.wrongValue("include", "some of " + INCLUDES.stream().sorted().toList());
      }
      sealed |= include.asText().equals("reasoning.encrypted_content");
    }
    boolean obfuscation = true;
    if (options.isPresent()) {
      RequestFields given = options.get().onlyKnown(Set.of("include_obfuscation"));
      obfuscation = !given.has("include_obfuscation") || given.flag("include_obfuscation");
    }
    boolean summary = request.node("reasoning").hasNonNull("summary");
    return new Shown(summary, sealed, obfuscation);
  }

  private static void memory(RequestFields request) throws Rejection {
    if (request.has("previous_response_id")) {
      throw Rejection.badRequest(
          "Previous response with id '" + request.needText("previous_response_id") + "' not found.",
          "previous_response_id",
          "previous_response_not_found");
    }
    if (request.has("conversation")) {
      throw Rejection.of(404, "Conversation not found.", "conversation", null);
    }
    if (request.flag("background")) {
      throw request.wrongValue("background", "false, all that the simulator plays");
    }
  }

  private static void settings(RequestFields request) throws Rejection {
    request.range("temperature", 0, 2);
    request.range("top_p", 0, 1);
    request.whole("top_logprobs", 0, 20);
    request.whole("max_tool_calls", 1, Long.MAX_VALUE);
    request.flag("store");
    request.flag("parallel_tool_calls");
    request.mayBeOneOf("truncation", Set.of("auto", "disabled"));
    Optional<RequestFields> reasoning = request.object("reasoning");
    if (reasoning.isPresent()) {
      reasoning.get().mayBeOneOf("effort", EFFORTS);
      reasoning.get().mayBeOneOf("summary", Set.of("auto", "concise", "detailed"));
    }
  }
}
