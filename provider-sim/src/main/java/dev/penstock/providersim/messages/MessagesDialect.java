package dev.penstock.providersim.messages;

import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Dialect;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.OptionalLong;
import java.util.Set;

/** {@code POST /v1/messages}. */
public record MessagesDialect(Provider provider) implements Dialect {
  private static final Set<String> OWN =
      Set.of(
          "max_tokens",
          "stop_sequences",
          "stream",
          "temperature",
          "top_p",
          "top_k",
          "metadata",
          "service_tier",
          "speed",
          "inference_geo",
          "container",
          "diagnostics");

  @Override
  public Asked read(Head head, byte[] body) throws Rejection {
    ApiVersion version = ApiVersion.of(head);
    RequestFields request = RequestFields.parse(body);
    Prompt prompt = Prompt.read(request, version, OWN);
    OptionalLong maxTokens = request.whole("max_tokens", 0, Integer.MAX_VALUE);
    if (maxTokens.isEmpty()) {
      throw request.missing("max_tokens");
    }
    prompt.thinking().checkBudget(request, maxTokens.getAsLong());
    Sampling.check(request, version, prompt.thinking());
    rest(request);
    Display display = Display.of(request);
    MessageId id = MessageId.fresh(prompt.model());
    Asked.Form form =
        request.flag("stream")
            ? new Asked.Streamed(new MessageEvents(id, display))
            : new Asked.Whole(new WholeMessage(id, display));
    return new Asked(prompt.model(), maxTokens, Asked.tokens(prompt.textBytes()), form);
  }

  private static void rest(RequestFields request) throws Rejection {
    request.mayBeOneOf("service_tier", Set.of("auto", "standard_only"));
    request.mayBeOneOf("speed", Set.of("standard", "fast"));
    if (request.has("metadata")) {
      request.needObject("metadata").onlyKnown(Set.of("user_id")).text("user_id");
    }
    if (!request.has("stop_sequences")) {
      return;
    }
    if (!request.node("stop_sequences").isArray()) {
      throw request.wrongType("stop_sequences", "a valid list");
    }
    for (int i = 0; i < request.node("stop_sequences").size(); i++) {
      if (request.node("stop_sequences").get(i).asText("").isBlank()) {
        throw Rejection.badRequest(
            "each stop sequence must contain non-whitespace", "stop_sequences", null);
      }
    }
  }
}
