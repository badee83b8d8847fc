package dev.penstock.dataplane.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.penstock.dataplane.config.TokenIssuer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;

/** An identity provider: a real server with a discovery document and keys, and its tokens. */
public final class IdentityServer implements AutoCloseable {

  public static final String CLIENT = "penstock.acme.bot";

  private final AtomicInteger fetches = new AtomicInteger();
  private HttpServer server;
  private volatile List<JWK> keys;
  private volatile String discoveryIssuer;
  private volatile int padding;
  private volatile int status = 200;
  private volatile CountDownLatch held = new CountDownLatch(0);

  private IdentityServer(int port) throws IOException {
    keys = List.of(rsa("first"));
    server = listen(port);
    discoveryIssuer = issuer();
  }

  public static IdentityServer start() {
    try {
      return new IdentityServer(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpServer listen(int port) throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    http.createContext(
        "/realm/.well-known/openid-configuration",
        exchange ->
            answer(
                exchange,
                "{\"issuer\": \"%s\", \"jwks_uri\": \"%s/keys\"}"
                    .formatted(discoveryIssuer, issuer())));
    http.createContext(
        "/realm/keys",
        exchange -> {
          CountDownLatch until = held; // before somebody is told of the fetch
          fetches.incrementAndGet();
          await(until);
          answer(exchange, new JWKSet(keys).toString(true) + " ".repeat(padding));
        });
    http.start();
    return http;
  }

  private void answer(HttpExchange exchange, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    try (exchange;
        OutputStream body = exchange.getResponseBody()) {
      exchange.sendResponseHeaders(status, bytes.length);
      body.write(bytes);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** As its tokens name it. */
  public String issuer() {
    return "http://127.0.0.1:" + port() + "/realm";
  }

  /** As a node is configured for it. */
  public TokenIssuer config() {
    return new TokenIssuer(issuer(), Optional.empty(), TokenIssuer.AUDIENCE, Optional.empty());
  }

  /** As {@link #config}, told where the keys are. */
  TokenIssuer configWithKeysAt() {
    return new TokenIssuer(
        issuer(),
        Optional.of(URI.create(issuer() + "/keys")),
        TokenIssuer.AUDIENCE,
        Optional.empty());
  }

  /** How often somebody has asked for the keys. */
  int fetches() {
    return fetches.get();
  }

  /**
   * From now on it is asked for its keys in vain, until {@link #release}.
   *
   * @param ask what leads to a fetch, unless the last one was a moment ago
   * @param isOver whether what it gave waits for none
   * @return what waits for the fetch
   */
  public <T> T hold(Supplier<T> ask, Predicate<T> isOver) {
    held = new CountDownLatch(1);
    while (true) {
      int before = fetches();
      T waiting = ask.get();
      Awaitility.await().until(() -> fetches() > before || isOver.test(waiting));
      if (!isOver.test(waiting)) {
        return waiting;
      }
    }
  }

  /** It answers those who wait, and those who come. */
  public void release() {
    held.countDown();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void claimsToBe(String other) {
    discoveryIssuer = other;
  }

  void padding(int bytes) {
    padding = bytes;
  }

  void status(int code) {
    status = code;
  }

  /** From now on it has these keys and no others; the first signs. */
  public void rotate(JWK... others) {
    keys = List.of(others);
  }

  JWK key() {
    return keys.getFirst();
  }

  /** It goes. */
  @Override
  public void close() {
    release();
    server.stop(0);
  }

  /** It comes back at the same address. */
  void comeBack() throws IOException {
    server = listen(port());
  }

  public static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).keyUse(KeyUse.SIGNATURE).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static ECKey curve(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).keyUse(KeyUse.SIGNATURE).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A good token of a service account. */
  public String token() {
    return token(claims -> claims);
  }

  /** A token that differs from a good one. */
  public String token(UnaryOperator<JWTClaimsSet.Builder> change) {
    JWK key = key();
    JWSAlgorithm algorithm = key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256;
    return sign(new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build(), key, change);
  }

  String sign(JWSHeader header, JWK key, UnaryOperator<JWTClaimsSet.Builder> change) {
    try {
      SignedJWT token = new SignedJWT(header, change.apply(claims()).build());
      token.sign(
          key instanceof ECKey curve ? new ECDSASigner(curve) : new RSASSASigner(key.toRSAKey()));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What Keycloak says in a token of a client that provisioning has made. */
  JWTClaimsSet.Builder claims() {
    Instant now = Instant.now();
    return new JWTClaimsSet.Builder()
        .issuer(issuer())
        .subject("4f9c2e71-0000-4000-8000-000000000000")
        .audience(TokenIssuer.AUDIENCE)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(Duration.ofMinutes(5))))
        .claim("typ", "Bearer")
        .claim("azp", CLIENT)
        .claim("client_id", CLIENT)
        .claim("organization", List.of("acme"));
  }
}
