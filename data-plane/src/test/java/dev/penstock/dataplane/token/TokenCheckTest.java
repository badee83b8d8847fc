package dev.penstock.dataplane.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.penstock.kernel.snapshot.ServiceAccount;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which tokens are good, and what is said of those that are not. */
class TokenCheckTest {

  private static final IdentityServer SERVER = IdentityServer.start();
  private static final Vertx VERTX = Vertx.vertx();
  private static final Instant NOW = Instant.now();

  private static final IssuerKeys KEYS = TokenKit.keys(VERTX, SERVER.config());

  private final TokenCheck check =
      new TokenCheck(VERTX.getOrCreateContext(), SERVER.config(), KEYS, Clock.systemUTC());

  @BeforeAll
  static void awaitKeys() {
    await().until(() -> KEYS.current().isPresent());
  }

  @AfterAll
  static void close() {
    VERTX.close().toCompletionStage().toCompletableFuture().join();
    SERVER.close();
  }

  private Verdict ask(String token) {
    return check.check(token).toCompletionStage().toCompletableFuture().join();
  }

  private static Date in(long seconds) {
    return Date.from(NOW.plusSeconds(seconds));
  }

  static Stream<UnaryOperator<JWTClaimsSet.Builder>> good() {
    return Stream.of(
        c -> c,
        c -> c.audience(List.of("account", "penstock-dataplane")),
        c -> c.claim("organization", Map.of("acme", Map.of("id", "1"))),
        c -> c.claim("azp", null),
        c -> c.claim("client_id", null),
        // Two clocks may differ.
        c -> c.issueTime(in(-310)).expirationTime(in(-10)),
        c -> c.issueTime(in(20)).notBeforeTime(in(20)).expirationTime(in(300)),
        c -> c.issueTime(in(-60)).expirationTime(in(540)));
  }

  @ParameterizedTest
  @MethodSource("good")
  void takesATokenOfAProgramForThisGateway(UnaryOperator<JWTClaimsSet.Builder> change) {
    assertThat(ask(SERVER.token(change)))
        .isInstanceOfSatisfying(
            Verdict.Good.class,
            good -> {
              assertThat(good.token().clientId()).isEqualTo(IdentityServer.CLIENT);
              assertThat(good.token().clientHash())
                  .isEqualTo(ServiceAccount.hashOf(IdentityServer.CLIENT));
              assertThat(good.token().organization()).isEqualTo("acme");
            });
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        wrong(TokenFault.EXPIRED, c -> c.issueTime(in(-400)).expirationTime(in(-40))),
        wrong(TokenFault.CLAIMS, c -> c.expirationTime(null)),
        wrong(TokenFault.CLAIMS, c -> c.issueTime(null)),
        wrong(TokenFault.CLAIMS, c -> c.issueTime(in(60)).expirationTime(in(300))),
        wrong(TokenFault.CLAIMS, c -> c.notBeforeTime(in(60))),
        wrong(TokenFault.CLAIMS, c -> c.issuer("http://127.0.0.1:1/realm")),
        wrong(TokenFault.CLAIMS, c -> c.issuer(null)),
        wrong(TokenFault.CLAIMS, c -> c.audience("penstock-admin")),
        wrong(TokenFault.CLAIMS, c -> c.audience((String) null)),
        wrong(TokenFault.TOO_LONG_LIVED, c -> c.issueTime(in(-61)).expirationTime(in(540))),
        wrong(TokenFault.ORGANIZATION, c -> c.claim("organization", null)),
        wrong(TokenFault.ORGANIZATION, c -> c.claim("organization", List.of())),
        wrong(TokenFault.ORGANIZATION, c -> c.claim("organization", List.of("acme", "labs"))),
        wrong(TokenFault.ORGANIZATION, c -> c.claim("organization", List.of(7))),
        wrong(
            TokenFault.ORGANIZATION,
            c -> c.claim("organization", Map.of("acme", Map.of(), "labs", Map.of()))),
        wrong(TokenFault.CLIENT, c -> c.claim("azp", null).claim("client_id", null)),
        wrong(TokenFault.CLIENT, c -> c.claim("azp", "another")),
        wrong(TokenFault.CLIENT, c -> c.claim("azp", 7).claim("client_id", null)));
  }

  private static Arguments wrong(TokenFault fault, UnaryOperator<JWTClaimsSet.Builder> change) {
    return Arguments.of(fault, change);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void refusesATokenThatSaysSomethingElse(
      TokenFault fault, UnaryOperator<JWTClaimsSet.Builder> change) {
    assertThat(ask(SERVER.token(change))).isEqualTo(new Verdict.Bad(fault));
  }

  @Test
  void takesNoUnsignedToken() {
    String unsigned = new PlainJWT(SERVER.claims().build()).serialize();

    assertThat(ask(unsigned)).isEqualTo(new Verdict.Bad(TokenFault.MALFORMED));
    assertThat(ask(unsigned + "AAAA")).isEqualTo(new Verdict.Bad(TokenFault.MALFORMED));
  }

  /** A public key is no secret: who takes it for a MAC's key takes everybody's tokens. */
  @Test
  void takesNoMacUnderThePublicKey() throws JOSEException {
    RSAKey key = SERVER.key().toRSAKey();
    for (byte[] secret :
        List.of(
            key.toPublicKey().getEncoded(),
            key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8))) {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(key.getKeyID()).build(),
              SERVER.claims().build());
      token.sign(new MACSigner(secret));

      assertThat(ask(token.serialize())).isEqualTo(new Verdict.Bad(TokenFault.MALFORMED));
    }
  }

  @Test
  void goesByNoKeyThatATokenBringsOrPointsTo() throws JOSEException {
    RSAKey own = IdentityServer.rsa("first");
    ECKey curve = IdentityServer.curve("first");
    URI elsewhere = URI.create(SERVER.issuer() + "/keys");
    for (JWSHeader.Builder header :
        List.of(
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(own.toPublicJWK()),
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwkURL(elsewhere),
            new JWSHeader.Builder(JWSAlgorithm.RS256).x509CertURL(elsewhere),
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .x509CertChain(List.of(Base64.encode("certificate"))))) {
      String token = SERVER.sign(header.keyID("first").build(), own, claims -> claims);
      assertThat(ask(token)).isEqualTo(new Verdict.Bad(TokenFault.MALFORMED));
    }
    assertSignature(JWSAlgorithm.RS256, own);
    assertSignature(JWSAlgorithm.ES256, curve);
  }

  private void assertSignature(JWSAlgorithm algorithm, JWK key) {
    String token =
        SERVER.sign(new JWSHeader.Builder(algorithm).keyID("first").build(), key, claims -> claims);
    assertThat(ask(token)).isEqualTo(new Verdict.Bad(TokenFault.SIGNATURE));
  }

  @Test
  void takesOtherAlgorithmsOfTheSameKeyAndTheTypeOfAccessTokens() {
    for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.RS512, JWSAlgorithm.PS256)) {
      JWSHeader header =
          new JWSHeader.Builder(algorithm)
              .keyID("first")
              .type(new JOSEObjectType("at+jwt"))
              .build();
      assertThat(ask(SERVER.sign(header, SERVER.key(), claims -> claims)))
          .isInstanceOf(Verdict.Good.class);
    }
  }

  @Test
  void takesNoTokenWithoutAKeyIdOrOfAnotherType() {
    assertThat(
            ask(
                SERVER.sign(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).build(), SERVER.key(), c -> c)))
        .isEqualTo(new Verdict.Bad(TokenFault.MALFORMED));
    assertThat(
            ask(
                SERVER.sign(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("first")
                        .type(new JOSEObjectType("logout+jwt"))
                        .build(),
                    SERVER.key(),
                    c -> c)))
        .isEqualTo(new Verdict.Bad(TokenFault.SIGNATURE));
  }

  @Test
  void takesNoTokenThatWasChanged() {
    String token = SERVER.token();
    String[] parts = token.split("\\.", -1);
    String other = SERVER.token(c -> c.claim("organization", List.of("labs"))).split("\\.", -1)[1];

    assertThat(ask(parts[0] + "." + other + "." + parts[2]))
        .isEqualTo(new Verdict.Bad(TokenFault.SIGNATURE));
    assertThat(ask(parts[0] + "." + parts[1] + "."))
        .isEqualTo(new Verdict.Bad(TokenFault.MALFORMED));
    assertThat(ask(token)).isInstanceOf(Verdict.Good.class);
  }

  @Test
  void looksAtNoTokenThatIsTooLong() {
    String most = SERVER.token(c -> c.claim("filler", "x".repeat(5_000)));
    assertThat(most.length()).isLessThan(TokenCheck.MAX_TOKEN_LENGTH);
    assertThat(ask(most)).isInstanceOf(Verdict.Good.class);

    String over = SERVER.token(c -> c.claim("filler", "x".repeat(6_500)));
    assertThat(over.length()).isGreaterThan(TokenCheck.MAX_TOKEN_LENGTH);
    assertThat(ask(over)).isEqualTo(new Verdict.Bad(TokenFault.MALFORMED));
  }

  @Test
  void judgesATokenAnewOnceItHasExpired() {
    SteppingClock clock = new SteppingClock();
    TokenCheck later = new TokenCheck(VERTX.getOrCreateContext(), SERVER.config(), KEYS, clock);
    String token = SERVER.token();
    assertThat(later.check(token).result()).isInstanceOf(Verdict.Good.class);

    clock.now = NOW.plus(Duration.ofMinutes(6));

    assertThat(later.check(token).result()).isEqualTo(new Verdict.Bad(TokenFault.EXPIRED));
  }

  @Test
  void tellsAnApiKeyFromAToken() {
    assertThat(TokenCheck.isToken(SERVER.token())).isTrue();
    assertThat(TokenCheck.isToken("pens_test_0123456789_abc_000000")).isFalse();
    assertThat(ask("a.b.c")).isEqualTo(new Verdict.Bad(TokenFault.MALFORMED));
    assertThat(ask(".")).isEqualTo(new Verdict.Bad(TokenFault.MALFORMED));
  }

  private static final class SteppingClock extends Clock {
    private Instant now = NOW;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }
}
