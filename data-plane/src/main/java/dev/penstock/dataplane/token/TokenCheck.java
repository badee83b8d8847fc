package dev.penstock.dataplane.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.penstock.dataplane.config.TokenIssuer;
import dev.penstock.dataplane.token.IssuerKeys.Keys;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Judges tokens for one event loop. A token that is new costs it the proof of a signature (some 50
 * µs for RSA); what has been proven is remembered, so that the next exchange with the same token
 * costs a digest.
 */
public final class TokenCheck {

  /** Longest token that is looked at, in characters; Keycloak's have about 1,000. */
  public static final int MAX_TOKEN_LENGTH = 8 * 1024;

  /** Exchanges of one event loop that may wait for new keys; others are judged by those at hand. */
  private static final int MAX_WAITING = 64;

  /** Longest that one waits for them; a fetch that takes longer is of use to those after it. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(5);

  /** Signatures whose key a node cannot have made itself: no MAC, and not none. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final Context context;
  private final IssuerKeys issuerKeys;
  private final Clock clock;
  private final Duration maxWait;
  private final TokenClaims claims;
  private final TokenCache proven = new TokenCache();
  private @Nullable Prover prover;
  private int waiting;

  /** {@code context} is the event loop's. */
  public TokenCheck(Context context, TokenIssuer issuer, IssuerKeys issuerKeys, Clock clock) {
    this(context, issuer, issuerKeys, clock, MAX_WAIT);
  }

  TokenCheck(
      Context context, TokenIssuer issuer, IssuerKeys issuerKeys, Clock clock, Duration maxWait) {
    this.context = context;
    this.issuerKeys = issuerKeys;
    this.clock = clock;
    this.maxWait = maxWait;
    claims = new TokenClaims(issuer, clock);
  }

  /** Whether a bearer's text is a token's: an API key has no dot. */
  public static boolean isToken(String text) {
    return text.indexOf('.') >= 0;
  }

  /**
   * What can be said of a token; it is at hand at once, unless the token names a key that the
   * identity provider may have made since its keys were fetched: then it is judged by those that
   * there are once they were fetched again, or after five seconds. Never fails.
   */
  public Future<Verdict> check(String token) {
    Optional<Keys> keys = issuerKeys.current();
    if (keys.isEmpty()) {
      return Future.succeededFuture(new Verdict.Undecided());
    }
    if (token.length() > MAX_TOKEN_LENGTH) {
      return bad(TokenFault.MALFORMED);
    }
    Prover by = prover(keys.get());
    Optional<VerifiedToken> known = proven.find(token, clock.millis());
    if (known.isPresent()) {
      return Future.succeededFuture(new Verdict.Good(known.get()));
    }
    Optional<SignedJWT> parsed = parse(token);
    if (parsed.isEmpty() || !isAcceptable(parsed.get().getHeader())) {
      return bad(TokenFault.MALFORMED);
    }
    if (by.has(parsed.get()) || waiting >= MAX_WAITING) {
      return Future.succeededFuture(judge(token, parsed.get(), by));
    }
    return reloaded().map(ended -> judge(token, parsed.get(), latest(by)));
  }

  private static Future<Verdict> bad(TokenFault fault) {
    return Future.succeededFuture(new Verdict.Bad(fault));
  }

  private static Optional<SignedJWT> parse(String token) {
    try {
      return Optional.of(SignedJWT.parse(token));
    } catch (ParseException malformed) {
      return Optional.empty(); // also an unsigned one
    }
  }

  /** Keys are those of the provider, never what a token brings or points to. */
  private static boolean isAcceptable(JWSHeader header) {
    return ALGORITHMS.contains(header.getAlgorithm())
        && header.getKeyID() != null
        && header.getJWK() == null
        && header.getJWKURL() == null
        && header.getX509CertURL() == null
        && header.getX509CertChain() == null;
  }

  /** What was proven by keys that are no longer the provider's is forgotten. */
  private Prover prover(Keys keys) {
    Prover last = prover;
    if (last == null || last.keys != keys.set()) {
      proven.clear();
      last = new Prover(keys.set());
      prover = last;
    }
    return last;
  }

  private Prover latest(Prover otherwise) {
    return issuerKeys.current().map(this::prover).orElse(otherwise);
  }

  private Verdict judge(String token, SignedJWT parsed, Prover by) {
    Optional<JWTClaimsSet> said = by.prove(parsed);
    if (said.isEmpty()) {
      return new Verdict.Bad(TokenFault.SIGNATURE);
    }
    Verdict verdict = claims.judge(said.get());
    if (verdict instanceof Verdict.Good(VerifiedToken good)) {
      proven.put(token, good);
    }
    return verdict;
  }

  /** Ends on this event loop. */
  private Future<Void> reloaded() {
    waiting++;
    Promise<Void> here = Promise.promise();
    issuerKeys
        .reload()
        .timeout(maxWait.toMillis(), TimeUnit.MILLISECONDS)
        .onComplete(ended ->
            context.runOnContext(now -> {
              waiting--;
              here.complete();
            }));
    return here.future();
  }

  /** Proves signatures by one set of keys. */
  private static final class Prover {
    private final JWKSet keys;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    Prover(JWKSet keys) {
      this.keys = keys;
      processor.setJWSTypeVerifier(
          new DefaultJOSEObjectTypeVerifier<>(
              JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
      // Keys in memory: the library's own sources fetch them on the thread that asks.
      processor.setJWSKeySelector(
          new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys)));
      processor.setJWTClaimsSetVerifier((claims, none) -> {}); // TokenClaims does
    }

    boolean has(SignedJWT token) {
      return keys.getKeyByKeyId(token.getHeader().getKeyID()) != null;
    }

    Optional<JWTClaimsSet> prove(SignedJWT token) {
      try {
        return Optional.of(Objects.requireNonNull(processor.process(token, null), "claims"));
      } catch (BadJOSEException | JOSEException unproven) {
        return Optional.empty();
      }
    }
  }
}
