package dev.penstock.dataplane.token;

import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import dev.penstock.dataplane.config.TokenIssuer;
import dev.penstock.kernel.snapshot.ServiceAccount;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a token has to say, once its signature is proven. */
final class TokenClaims {

  /** Clocks of two machines may be this far apart. */
  static final Duration LEEWAY = Duration.ofSeconds(30);

  /** Nobody can take a token back, so it must end soon by itself. */
  static final Duration MAX_LIFETIME = Duration.ofMinutes(10);

  private final DefaultJWTClaimsVerifier<SecurityContext> common;
  private final Clock clock;

  TokenClaims(TokenIssuer issuer, Clock clock) {
    this.clock = clock;
    common =
        new DefaultJWTClaimsVerifier<>(
            issuer.audience(),
            new JWTClaimsSet.Builder().issuer(issuer.issuer()).build(),
            Set.of("exp", "iat")) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    common.setMaxClockSkew(Math.toIntExact(LEEWAY.toSeconds()));
  }

  Verdict judge(JWTClaimsSet claims) {
    try {
      common.verify(claims, null);
    } catch (ExpiredJWTException expired) {
      return new Verdict.Bad(TokenFault.EXPIRED);
    } catch (BadJWTException other) {
      return new Verdict.Bad(TokenFault.CLAIMS);
    }
    Instant issued = claims.getIssueTime().toInstant();
    Instant expires = claims.getExpirationTime().toInstant();
    if (issued.isAfter(clock.instant().plus(LEEWAY))) {
      return new Verdict.Bad(TokenFault.CLAIMS);
    }
    if (Duration.between(issued, expires).compareTo(MAX_LIFETIME) > 0) {
      return new Verdict.Bad(TokenFault.TOO_LONG_LIVED);
    }
    Optional<String> organization = onlyOrganization(claims.getClaim("organization"));
    if (organization.isEmpty()) {
      return new Verdict.Bad(TokenFault.ORGANIZATION);
    }
    return client(claims)
        .<Verdict>map(client ->
            new Verdict.Good(
                new VerifiedToken(
                    client,
                    ServiceAccount.hashOf(client),
                    organization.get(),
                    expires.toEpochMilli())))
        .orElseGet(() -> new Verdict.Bad(TokenFault.CLIENT));
  }

  /** A list of aliases, or an object with one field per alias: Keycloak can do both. */
  private static Optional<String> onlyOrganization(@Nullable Object claim) {
    Collection<?> names =
        switch (claim) {
          case List<?> list -> list;
          case Map<?, ?> byAlias -> byAlias.keySet();
          case null, default -> List.of();
        };
    return names.size() == 1 && names.iterator().next() instanceof String name && !name.isEmpty()
        ? Optional.of(name)
        : Optional.empty();
  }

  /** {@code azp} is OpenID Connect's word, {@code client_id} that of RFC 9068. */
  private static Optional<String> client(JWTClaimsSet claims) {
    Object party = claims.getClaim("azp");
    Object clientId = claims.getClaim("client_id");
    if (party != null && clientId != null && !party.equals(clientId)) {
      return Optional.empty();
    }
    return (party == null ? clientId : party) instanceof String client && !client.isEmpty()
        ? Optional.of(client)
        : Optional.empty();
  }
}
