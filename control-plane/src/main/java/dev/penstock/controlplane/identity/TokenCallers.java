package dev.penstock.controlplane.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.controlplane.ControlPlaneConfig;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who the bearer of an identity provider's token is.
 *
 * <p>Quarkus OIDC proves signature, issuer, audience, type and expiry; what is read here has been
 * proven. Roles are those of the client that is the audience. A role of the platform counts as it
 * stands. A tenant's role counts at the organization that the token names, and only where it names
 * exactly one: tokens do not say which role belongs to which of several.
 */
@Singleton
class TokenCallers {

  private static final Set<Role> OF_TENANTS = Set.of(Role.TENANT_ADMIN, Role.TENANT_DEVELOPER);
  private static final Set<String> OUR_OWN_NAMES =
      Set.of(Caller.ADMIN_TOKEN.name(), "control-plane");

  private final IdentityProvider provider;
  private final CurrentIdentityAssociation association;
  private final ControlPlaneConfig.Oidc config;
  private final ObjectMapper json = new ObjectMapper();

  TokenCallers(
      IdentityProvider provider,
      CurrentIdentityAssociation association,
      ControlPlaneConfig config) {
    this.provider = provider;
    this.association = association;
    this.config = config.oidc();
  }

  /** What can be said of a token. */
  sealed interface Verdict {}

  /** It is good. */
  record Known(Caller caller) implements Verdict {}

  /** It is not. */
  record Refused() implements Verdict {}

  /** The provider's keys are not at hand. */
  record Undecided(Throwable cause) implements Verdict {}

  /** Of the request at hand, whose token this is. Never blocks. */
  Uni<Verdict> identify(String token) {
    if (!provider.isSet()) {
      return Uni.createFrom().<Verdict>item(new Refused());
    }
    return association
        .getDeferredIdentity()
        .<Verdict>map(
            identity -> identity.isAnonymous() ? new Refused() : new Known(caller(claims(token))))
        .onFailure()
        .recoverWithItem(failure ->
            failure instanceof AuthenticationFailedException
                ? new Refused()
                : new Undecided(failure));
  }

  private JsonNode claims(String provenToken) {
    try {
      byte[] payload = Base64.getUrlDecoder().decode(provenToken.split("\\.", -1)[1]);
      return json.readTree(new String(payload, StandardCharsets.UTF_8));
    } catch (JsonProcessingException malformed) {
      throw new AuthenticationFailedException(malformed);
    }
  }

  Caller caller(JsonNode claims) {
    Set<Role> platform = new HashSet<>();
    Set<Role> ofTenants = new HashSet<>();
    for (Role role : roles(claims.path("resource_access").path(config.audience()).path("roles"))) {
      (OF_TENANTS.contains(role) ? ofTenants : platform).add(role);
    }
    Map<String, Set<Role>> tenants = new HashMap<>();
    List<String> organizations = organizations(claims.path("organization"));
    if (organizations.size() == 1 && !ofTenants.isEmpty()) {
      tenants.put(organizations.getFirst(), ofTenants);
    }
    return new Caller(
        name(claims), Caller.Kind.OIDC, platform, tenants, subjects(claims), steppedUpAt(claims));
  }

  private static List<Role> roles(JsonNode words) {
    return words.valueStream().flatMap(word -> Role.ofWord(word.asText()).stream()).toList();
  }

  /** A list of aliases, or an object with one field per alias: the provider can do both. */
  private static List<String> organizations(JsonNode claim) {
    return claim.isObject()
        ? claim.propertyStream().map(Map.Entry::getKey).toList()
        : claim.valueStream().map(JsonNode::asText).toList();
  }

  /** Somebody who is called as we call ourselves must not be mistaken for us in the history. */
  private static String name(JsonNode claims) {
    String name = claims.path("preferred_username").asText("");
    return name.isBlank() || OUR_OWN_NAMES.contains(name) ? claims.path("sub").asText("") : name;
  }

  /** An address that nobody has verified is what somebody claims to be. */
  private static Set<String> subjects(JsonNode claims) {
    Set<String> subjects = new LinkedHashSet<>();
    subjects.add(claims.path("sub").asText(""));
    String userName = claims.path("preferred_username").asText("");
    if (userName.indexOf('@') < 0) { // one that looks like an address may be somebody else's
      subjects.add(userName);
    }
    if (claims.path("email_verified").asBoolean(false)) {
      subjects.add(claims.path("email").asText(""));
    }
    subjects.removeIf(String::isBlank);
    return subjects;
  }

  /**
   * The level is a named one, because {@code acr} is level 1 in tokens that no person stands
   * behind; those have no {@code auth_time} either.
   */
  private Optional<Instant> steppedUpAt(JsonNode claims) {
    JsonNode at = claims.path("auth_time");
    return claims.path("acr").asText("").equals(config.stepUpAcr()) && at.isIntegralNumber()
        ? Optional.of(Instant.ofEpochSecond(at.longValue()))
        : Optional.empty();
  }
}
