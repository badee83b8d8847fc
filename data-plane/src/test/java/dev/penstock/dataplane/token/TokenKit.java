package dev.penstock.dataplane.token;

import dev.penstock.dataplane.config.TokenIssuer;
import dev.penstock.dataplane.token.IssuerKeys.Pace;
import io.vertx.core.Vertx;
import java.time.Duration;

/** What tests cannot wait for. */
public final class TokenKit {

  /** Tries again at once, but fetches nothing only because time has passed. */
  static final Pace HASTY =
      new Pace(Duration.ofMillis(50), Duration.ofHours(1), Duration.ofHours(24));

  private TokenKit() {}

  public static IssuerKeys keys(Vertx vertx, TokenIssuer issuer) {
    return IssuerKeys.start(vertx, new JwksClient(vertx, issuer), HASTY);
  }
}
