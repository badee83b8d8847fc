package dev.penstock.providersim.messages;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Dialect;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.invoice.Prices;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import dev.penstock.providersim.script.Step;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** {@code POST /v1/messages/count_tokens}: what a prompt would count; costs nothing. */
public record CountDialect(Provider provider) implements Dialect {
  @Override
  public Asked read(Head head, byte[] body) throws Rejection {
    Prompt prompt = Prompt.read(RequestFields.parse(body), ApiVersion.of(head), Set.of());
    return new Asked(
        prompt.model(),
        OptionalLong.empty(),
        Asked.tokens(prompt.textBytes()),
        new Asked.Whole((answer, usage) ->
            JsonNodeFactory.instance.objectNode().put("input_tokens", usage.promptTokens())));
  }

  /** Faults are played, answers are not. */
  @Override
  public List<Step> plays(List<Step> steps) {
    return Step.faults(steps);
  }

  @Override
  public Prices charges(Prices prices) {
    return Prices.FREE;
  }
}
