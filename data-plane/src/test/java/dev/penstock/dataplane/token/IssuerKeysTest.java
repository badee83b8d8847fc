package dev.penstock.dataplane.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.penstock.dataplane.config.TokenIssuer;
import dev.penstock.dataplane.token.IssuerKeys.Pace;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the identity provider's keys come from, and what is gone by while they do not. */
class IssuerKeysTest {

  private final IdentityServer server = IdentityServer.start();
  private final Vertx vertx = Vertx.vertx();
  private final Context loop = vertx.getOrCreateContext();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    server.close();
  }

  private IssuerKeys keys(TokenIssuer issuer, Pace pace) {
    return IssuerKeys.start(vertx, new JwksClient(vertx, issuer), pace);
  }

  private IssuerKeys fetched(Pace pace) {
    IssuerKeys keys = keys(server.config(), pace);
    await().until(() -> keys.current().isPresent());
    return keys;
  }

  private TokenCheck check(IssuerKeys keys) {
    return new TokenCheck(loop, server.config(), keys, Clock.systemUTC());
  }

  /** As an exchange asks: on the event loop. */
  private Verdict ask(TokenCheck check, String token) {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    loop.runOnContext(now -> {
      Future<Verdict> answer = check.check(token);
      answer.onSuccess(verdict::complete).onFailure(verdict::completeExceptionally);
    });
    return verdict.join();
  }

  @Test
  void findsTheKeysByTheDiscoveryDocumentOrWhereItIsTold() {
    IssuerKeys discovered = keys(server.config(), TokenKit.HASTY);
    IssuerKeys told = keys(server.configWithKeysAt(), TokenKit.HASTY);

    await().until(() -> discovered.current().isPresent() && told.current().isPresent());

    assertThat(discovered.current().orElseThrow().set().getKeys())
        .containsExactly(server.key().toPublicJWK());
    assertThat(told.current().orElseThrow().set())
        .isEqualTo(discovered.current().orElseThrow().set());
    assertThat(discovered.ageSeconds().orElseThrow()).isLessThan(60);
  }

  @Test
  void fetchesNothingForATokenWhoseKeyItHas() {
    TokenCheck check = check(fetched(TokenKit.HASTY));

    for (int i = 0; i < 20; i++) {
      assertThat(ask(check, server.token())).isInstanceOf(Verdict.Good.class);
    }

    assertThat(server.fetches()).isEqualTo(1);
  }

  @Test
  void takesTheTokensOfANewKeyAtOnceAndThoseOfAnOldOneNoLonger() {
    TokenCheck check = check(fetched(TokenKit.HASTY));
    String old = server.token();
    assertThat(ask(check, old)).isInstanceOf(Verdict.Good.class);

    server.rotate(IdentityServer.curve("second"));

    await().until(() -> ask(check, server.token()) instanceof Verdict.Good);
    assertThat(ask(check, old)).isEqualTo(new Verdict.Bad(TokenFault.SIGNATURE));
  }

  @Test
  void fetchesOnceForAnyNumberOfTokensWithAnUnknownKey() {
    Pace seldom = new Pace(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));
    TokenCheck check = check(fetched(seldom));
    server.rotate(IdentityServer.rsa("second"));

    for (int i = 0; i < 20; i++) {
      assertThat(ask(check, server.token())).isEqualTo(new Verdict.Bad(TokenFault.SIGNATURE));
    }

    assertThat(server.fetches()).isEqualTo(1);
  }

  @Test
  void letsNoTokenWaitForAFetchThatTakesTooLong() {
    IssuerKeys keys = fetched(TokenKit.HASTY);
    TokenCheck impatient =
        new TokenCheck(loop, server.config(), keys, Clock.systemUTC(), Duration.ofMillis(20));
    server.rotate(IdentityServer.rsa("second"));
    Future<Void> fetch = server.hold(keys::reload, Future::isComplete);

    Verdict verdict = ask(impatient, server.token());

    assertThat(fetch.isComplete()).isFalse();
    assertThat(verdict).isEqualTo(new Verdict.Bad(TokenFault.SIGNATURE));
    server.release();
    await().until(() -> ask(impatient, server.token()) instanceof Verdict.Good);
  }

  @Test
  void decidesNothingUntilTheProviderIsThere() throws IOException {
    String token = server.token();
    server.close();
    IssuerKeys keys = keys(server.config(), TokenKit.HASTY);
    TokenCheck check = check(keys);
    assertThat(ask(check, token)).isEqualTo(new Verdict.Undecided());
    assertThat(keys.ageSeconds()).isEmpty();

    server.comeBack();

    await().until(() -> ask(check, token) instanceof Verdict.Good);
  }

  @Test
  void goesOnWithTheLastKeysWhileTheProviderIsAway() {
    TokenCheck check =
        check(fetched(new Pace(Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofHours(1))));
    String token = server.token();
    server.close();

    await().during(Duration.ofMillis(300)).until(() -> ask(check, token) instanceof Verdict.Good);
  }

  @Test
  void goesByNoKeysThatAreTooOld() {
    Duration mostAge = Duration.ofMillis(300);
    IssuerKeys keys = fetched(new Pace(Duration.ofMillis(20), Duration.ofMillis(20), mostAge));
    TokenCheck check = check(keys);
    String token = server.token();
    server.close();

    await().until(() -> ask(check, token).equals(new Verdict.Undecided()));
  }

  @Test
  void keepsTheLastKeysWhereWhatComesIsNotKeys() throws IOException {
    IssuerKeys keys =
        fetched(new Pace(Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofHours(1)));
    for (Runnable spoil :
        new Runnable[] {
          () -> server.status(500),
          () -> server.padding(64 * 1024),
          () -> server.claimsToBe("http://127.0.0.1:1/realm")
        }) {
      RSAKey next = IdentityServer.rsa("next");
      spoil.run();
      // A fetch that has begun before may still bring what there is.
      keys.reload().toCompletionStage().toCompletableFuture().join();
      server.rotate(next);
      await().during(Duration.ofMillis(200)).until(() -> !has(keys, next));
      server.status(200);
      server.padding(0);
      server.claimsToBe(server.issuer());
      server.rotate(next);
      await().until(() -> has(keys, next));
    }
    RSAKey weak = weakKey();
    server.rotate(weak);
    await().during(Duration.ofMillis(200)).until(() -> !has(keys, weak));
  }

  private static boolean has(IssuerKeys keys, RSAKey key) {
    return keys.current().orElseThrow().set().getKeys().contains(key.toPublicJWK());
  }

  private static RSAKey weakKey() {
    try {
      return new RSAKeyGenerator(1024, true).keyID("weak").keyUse(KeyUse.SIGNATURE).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
