package dev.penstock.uiapi.signin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.uiapi.problem.Problem;
import dev.penstock.uiapi.signin.SignedIn.Person;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.IdTokenCredential;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Lets nobody at data who has not signed in; what comes from the provider has been proven then. */
public final class SignedInFilter {

  private static final Logger LOG = Logger.getLogger(SignedInFilter.class);
  private static final String DATA = "/api/";

  private final IdentityProvider provider;
  private final CurrentIdentityAssociation association;
  private final SignedIn signedIn;
  private final ObjectMapper json;

  SignedInFilter(
      IdentityProvider provider,
      CurrentIdentityAssociation association,
      SignedIn signedIn,
      ObjectMapper json) {
    this.provider = provider;
    this.association = association;
    this.signedIn = signedIn;
    this.json = json;
  }

  /** Null lets the request go on. */
  @ServerRequestFilter
  public Uni<@Nullable Response> admit(ContainerRequestContext request) {
    if (!request.getUriInfo().getRequestUri().getRawPath().startsWith(DATA)) {
      return Uni.createFrom().nullItem();
    }
    if (!provider.isSet()) {
      return Uni.createFrom().item(notSetUp());
    }
    return association
        .getDeferredIdentity()
        .<@Nullable Response>map(identity -> {
          if (identity.isAnonymous()) {
            return Problem.notSignedIn().response();
          }
          signedIn.set(person(identity));
          return null;
        })
        .onFailure()
        .recoverWithItem(SignedInFilter::refusal);
  }

  private static Response notSetUp() {
    return Problem.of(
            503,
            "Sign-in is not set up",
            "no identity provider is connected to this console; set PENSTOCK_OIDC_ISSUER")
        .response();
  }

  private static Response refusal(Throwable failure) {
    if (failure instanceof AuthenticationFailedException) {
      return Problem.notSignedIn().response();
    }
    LOG.warnf("the identity provider cannot be asked: %s", failure.getMessage());
    return Problem.of(
            503,
            "Identity provider unavailable",
            "the identity provider does not answer; sessions go on when it does")
        .response();
  }

  private Person person(SecurityIdentity identity) {
    JsonNode claims = claims(identity.getCredential(IdTokenCredential.class).getToken());
    String name = claims.path("name").asText(claims.path("preferred_username").asText());
    return new Person(
        name.isBlank() ? claims.path("sub").asText() : name,
        organizations(claims.path("organization")),
        identity.getCredential(AccessTokenCredential.class).getToken());
  }

  private JsonNode claims(String provenToken) {
    try {
      byte[] payload = Base64.getUrlDecoder().decode(provenToken.split("\\.", -1)[1]);
      return json.readTree(new String(payload, StandardCharsets.UTF_8));
    } catch (JsonProcessingException malformed) {
      throw new AuthenticationFailedException(malformed);
    }
  }

  /** A list of aliases, or an object with one field per alias: the provider can do both. */
  private static List<String> organizations(JsonNode claim) {
    return claim.isObject()
        ? claim.propertyStream().map(Map.Entry::getKey).sorted().toList()
        : claim.valueStream().map(JsonNode::asText).sorted().toList();
  }
}
