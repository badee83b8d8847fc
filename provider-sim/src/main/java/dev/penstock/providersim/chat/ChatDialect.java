package dev.penstock.providersim.chat;

import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Dialect;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.refuse.Rejection;

/** Chat Completions at one of the providers that offer it. */
public record ChatDialect(Provider provider, Flavour flavour) implements Dialect {
  @Override
  public Asked read(Head head, byte[] body) throws Rejection {
    return new ChatRequest(flavour).read(head, body);
  }
}
