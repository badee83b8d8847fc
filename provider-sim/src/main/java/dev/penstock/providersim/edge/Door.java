package dev.penstock.providersim.edge;

import dev.penstock.providersim.dialect.Dialect;
import dev.penstock.providersim.dialect.Provider;

/**
 * One path of one provider.
 *
 * @param protocol what the invoice calls it
 */
record Door(String protocol, Provider provider, String method, Work work) {

  /** What is behind it. */
  sealed interface Work {}

  /** A model is asked, and its script is played. */
  record Play(Dialect dialect) implements Work {}

  /** All models. */
  record Models() implements Work {}

  record Model(String name) implements Work {}
}
