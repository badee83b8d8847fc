package dev.penstock.controlplane.identity;

import dev.penstock.controlplane.problem.Problem;
import jakarta.inject.Provider;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/**
 * Lets the bearer of the admin token in. It stands before the routing, so that a stranger does not
 * learn which paths exist.
 */
@jakarta.ws.rs.ext.Provider
@PreMatching
public class AdminTokenFilter implements ContainerRequestFilter {

  private static final String SCHEME = "Bearer ";
  private static final int UNAUTHORIZED = 401;

  /** Not the token itself: filters are made before the configuration can be read. */
  private final Provider<AdminToken> token;

  private final CurrentCaller caller;

  AdminTokenFilter(Provider<AdminToken> token, CurrentCaller caller) {
    this.token = token;
    this.caller = caller;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
    if (header == null
        || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || !token.get().matches(header.substring(SCHEME.length()).strip())) {
      request.abortWith(
          Response.status(UNAUTHORIZED)
              .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
              .type(Problem.MEDIA_TYPE)
              .entity(
                  Problem.of(
                      UNAUTHORIZED,
                      "Unauthorized",
                      "send the admin token: Authorization: Bearer …"))
              .build());
      return;
    }
    caller.set(Caller.ADMIN_TOKEN);
  }
}
