package dev.penstock.providersim.mistral;

import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Dialect;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.OptionalLong;
import java.util.Set;

/** {@code POST /v1/chat/completions} at Mistral; any field that is not Mistral's is refused. */
public record MistralDialect(Provider provider) implements Dialect {
  private static final Set<String> KNOWN =
      Set.of(
          "model",
          "messages",
          "temperature",
          "top_p",
          "max_tokens",
          "stream",
          "stop",
          "random_seed",
          "metadata",
          "response_format",
          "tools",
          "tool_choice",
          "presence_penalty",
          "frequency_penalty",
          "n",
          "prediction",
          "parallel_tool_calls",
          "reasoning_effort",
          "prompt_mode",
          "guardrails",
          "prompt_cache_key",
          "service_tier",
          "safe_prompt");

  private static final Set<String> EFFORTS =
      Set.of("none", "minimal", "low", "medium", "high", "xhigh");

  @Override
  public Asked read(Head head, byte[] body) throws Rejection {
    RequestFields request = RequestFields.parse(body).onlyKnown(KNOWN);
    String model = request.needText("model");
    long bytes = MistralMessages.textBytes(request);
    fields(request);
    MistralTools.check(request);
    OptionalLong maxTokens = request.whole("max_tokens", 0, Integer.MAX_VALUE);
    MistralId id = MistralId.fresh(model);
    Asked.Form form =
        request.flag("stream")
            ? new Asked.Streamed(new MistralChunks(id))
            : new Asked.Whole(new WholeMistral(id));
    return new Asked(model, maxTokens, Asked.tokens(bytes), form);
  }

  private static void fields(RequestFields request) throws Rejection {
    request.range("temperature", 0, 1.5);
    request.range("top_p", 0, 1);
    request.range("presence_penalty", -2, 2);
    request.range("frequency_penalty", -2, 2);
    request.whole("random_seed", 0, Long.MAX_VALUE);
    request.flag("safe_prompt");
    request.flag("parallel_tool_calls");
    request.mayBeOneOf("reasoning_effort", EFFORTS);
    request.mayBeOneOf("prompt_mode", Set.of("reasoning"));
    request.mayBeOneOf("service_tier", Set.of("auto", "standard_only"));
    if (request.has("n") && request.node("n").asInt(0) != 1) {
      throw request.wrongValue("n", "1, all that the simulator plays");
    }
    boolean list = request.node("stop").isArray() || request.node("stop").isTextual();
    if (request.has("stop") && !list) {
      throw request.wrongType("stop", "a valid string or list");
    }
  }
}
