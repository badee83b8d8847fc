package dev.penstock.kernel.policy;

import dev.penstock.kernel.money.TokenPrice;

/** What a tenant wants done with a model whose price is not known; it is never free. */
public sealed interface UnknownPrice {

  /** The request is refused. */
  record Refuse() implements UnknownPrice {}

  /** Every token is charged at a price that the platform takes for a safe upper bound. */
  record Ceiling(TokenPrice price) implements UnknownPrice {}

  /** The stricter of two: a refusal beats a ceiling, a higher ceiling beats a lower one. */
  static UnknownPrice stricter(UnknownPrice one, UnknownPrice other) {
    return switch (one) {
      case Refuse refuse -> refuse;
      case Ceiling(TokenPrice price) ->
          switch (other) {
            case Refuse refuse -> refuse;
            case Ceiling(TokenPrice second) ->
                price.nanoUsdPerMillion() >= second.nanoUsdPerMillion() ? one : other;
          };
    };
  }
}
