package dev.penstock.controlplane.identity;

import dev.penstock.controlplane.problem.Problem;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who can say who it is: with the admin token, or with a token of the identity provider. It
 * stands before the routing, so that a stranger does not learn which paths exist.
 *
 * <p>The admin token is judged here and alone: it works while the identity provider is away.
 */
public final class CallerFilter {

  private static final Logger LOG = Logger.getLogger(CallerFilter.class);
  private static final String SCHEME = "Bearer ";
  private static final int UNAUTHORIZED = 401;
  private static final int UNAVAILABLE = 503;

  /** Not the things themselves: filters are made before the configuration can be read. */
  private final Provider<AdminToken> adminToken;

  private final Provider<TokenCallers> tokens;
  private final CurrentCaller caller;

  CallerFilter(
      Provider<AdminToken> adminToken, Provider<TokenCallers> tokens, CurrentCaller caller) {
    this.adminToken = adminToken;
    this.tokens = tokens;
    this.caller = caller;
  }

  /** Null lets the request go on. */
  @ServerRequestFilter(preMatching = true)
  public Uni<@Nullable Response> admit(ContainerRequestContext request) {
    caller.await();
    String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Uni.createFrom().item(unauthorized());
    }
    String token = header.substring(SCHEME.length()).strip();
    if (adminToken.get().matches(token)) {
      caller.set(Caller.ADMIN_TOKEN);
      return Uni.createFrom().nullItem();
    }
    return tokens
        .get()
        .identify(token)
        .map(verdict ->
            switch (verdict) {
              case TokenCallers.Known(Caller known) -> {
                caller.set(known);
                yield null;
              }
              case TokenCallers.Refused refused -> unauthorized();
              case TokenCallers.Undecided(Throwable cause) -> {
                LOG.warnf("the identity provider cannot be asked: %s", cause.getMessage());
                yield unavailable();
              }
            });
  }

  private static Response unauthorized() {
    return answer(
        UNAUTHORIZED,
        "Unauthorized",
        "send the admin token or a valid token of the identity provider: Authorization: Bearer …");
  }

  private static Response unavailable() {
    return answer(
        UNAVAILABLE,
        "Identity provider unavailable",
        "its keys cannot be fetched now, so its tokens cannot be judged; the admin token works");
  }

  private static Response answer(int status, String title, String detail) {
    return Response.status(status)
        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
        .type(Problem.MEDIA_TYPE)
        .entity(Problem.of(status, title, detail))
        .build();
  }
}
