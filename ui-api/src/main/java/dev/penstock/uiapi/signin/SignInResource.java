package dev.penstock.uiapi.signin;

import io.quarkus.security.Authenticated;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sends a browser to the identity provider and takes it back to where it was.
 *
 * <p>Two steps: {@code /sign-in} makes sure that the provider is there and forgets the session that
 * may exist, so that somebody who chooses another organization or has to prove more is asked anew;
 * {@code /signed-in} is what only somebody signed in reaches, by way of the provider.
 */
@Path("/")
public class SignInResource {

  /** Where {@link ScopeChoice} finds the organization. */
  static final String SIGNED_IN = "/signed-in";

  static final String ORGANIZATION = "organization";

  /** A name of a tenant: interfaces have no other aliases. */
  static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private static final Pattern ACR = Pattern.compile("[A-Za-z0-9._:/-]{1,64}");
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  /** A path of our own, and nothing that a browser could take for somebody else's address. */
  private static final Pattern OWN_PATH = Pattern.compile("/(?![/\\\\])[\\x21-\\x7e&&[^\\\\]]*");

  private static final String SESSION = "q_session";

  private final IdentityProvider provider;
  private final CurrentIdentityAssociation association;
  private final RoutingContext request;

  SignInResource(
      IdentityProvider provider, CurrentIdentityAssociation association, RoutingContext request) {
    this.provider = provider;
    this.association = association;
    this.request = request;
  }

  @GET
  @Path("sign-in")
  public Uni<Response> signIn(
      @QueryParam("to") @Nullable String to,
      @QueryParam(ORGANIZATION) @Nullable String organization,
      @QueryParam("acr") @Nullable String acr,
      @QueryParam("maxAge") @Nullable String maxAge) {
    if (!provider.isSet()) {
      return Uni.createFrom()
          .item(see(UriBuilder.fromPath("/").queryParam("signIn", "not-set-up")));
    }
    UriBuilder away =
        UriBuilder.fromPath("/").queryParam("signIn", "away").queryParam("to", "{to}");
    UriBuilder there = UriBuilder.fromPath(SIGNED_IN).queryParam("to", "{to}");
    add(there, ORGANIZATION, organization, NAME);
    add(there, "acr_values", acr, ACR);
    add(there, "max_age", maxAge, SECONDS);
    URI own = URI.create(ownPath(to));
    return provider
        .answers()
        .map(answers -> {
          if (!answers) {
            return Response.seeOther(away.build(own)).build();
          }
          forgetSession();
          return Response.seeOther(there.build(own)).build();
        });
  }

  @GET
  @Path("signed-in")
  @Authenticated
  public Response signedIn(@QueryParam("to") @Nullable String to) {
    return Response.seeOther(URI.create(ownPath(to))).build();
  }

  /**
   * Ends the session here and at the provider. The mechanism does both when it is asked who comes
   * to this path, and sends the browser on; only who is not signed in gets further.
   */
  @GET
  @Path("sign-out")
  public Uni<Response> signOut() {
    return association
        .getDeferredIdentity()
        .map(nobody -> see(UriBuilder.fromPath("/")))
        .onFailure(AuthenticationFailedException.class)
        .recoverWithItem(() -> see(UriBuilder.fromPath("/")));
  }

  private static Response see(UriBuilder address) {
    return Response.seeOther(address.build()).build();
  }

  private static void add(
      UriBuilder address, String name, @Nullable String value, Pattern expected) {
    if (value != null && expected.matcher(value).matches()) {
      address.queryParam(name, value);
    }
  }

  static String ownPath(@Nullable String to) {
    String path = Objects.requireNonNullElse(to, "/");
    return OWN_PATH.matcher(path).matches() ? path : "/";
  }

  private void forgetSession() {
    request.request().cookies().stream()
        .map(Cookie::getName)
        .filter(name -> name.startsWith(SESSION))
        .toList()
        .forEach(name ->
            request
                .response()
                .addCookie(Cookie.cookie(name, "").setPath("/").setHttpOnly(true).setMaxAge(0)));
  }
}
