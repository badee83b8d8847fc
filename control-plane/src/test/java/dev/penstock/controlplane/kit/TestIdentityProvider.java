package dev.penstock.controlplane.kit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * An OpenID provider as far as a resource server sees one: its discovery document and its keys. It
 * rotates its key when it is told to by {@code POST /rotate}; the old one is gone then.
 */
public final class TestIdentityProvider implements AutoCloseable {

  private static final String ISSUER = "penstock-test.issuer";
  private static final String KEY = "penstock-test.issuer-key";
  private static final String KEY_ID = "penstock-test.issuer-key-id";

  private final HttpServer server;
  private final Map<String, RSAPublicKey> keys = new ConcurrentHashMap<>();

  TestIdentityProvider() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/realms/penstock/.well-known/openid-configuration", http -> answer(http, discovery()));
    server.createContext("/realms/penstock/certs", http -> answer(http, keySet()));
    server.createContext(
        "/rotate",
        http -> {
          rotate();
          answer(http, "{}");
        });
    rotate();
    System.setProperty(
        ISSUER, "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/penstock");
    server.start();
  }

  private void rotate() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      KeyPair pair = generator.generateKeyPair();
      String id = "key-" + System.nanoTime();
      keys.clear();
      keys.put(id, (RSAPublicKey) pair.getPublic());
      System.setProperty(KEY, Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
      System.setProperty(KEY_ID, id);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Seen from the class loaders of tests, too. */
  public static String issuer() {
    return property(ISSUER);
  }

  static String keyId() {
    return property(KEY_ID);
  }

  static PrivateKey key() {
    try {
      return KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(property(KEY))));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String property(String name) {
    return Objects.requireNonNull(System.getProperty(name), name);
  }

  private static String discovery() {
    return """
    {"issuer": "%1$s", "jwks_uri": "%1$s/certs", "authorization_endpoint": "%1$s/auth",
     "token_endpoint": "%1$s/token"}\
    """
        .formatted(issuer());
  }

  private String keySet() {
    return keys.entrySet().stream()
        .map(key ->
            """
            {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "%s", "n": "%s", "e": "%s"}\
            """
                .formatted(
                    key.getKey(),
                    base64(key.getValue().getModulus().toByteArray()),
                    base64(key.getValue().getPublicExponent().toByteArray())))
        .collect(Collectors.joining(",", "{\"keys\": [", "]}"));
  }

  private static String base64(byte[] number) {
    int sign = number[0] == 0 && number.length > 1 ? 1 : 0;
    byte[] magnitude = java.util.Arrays.copyOfRange(number, sign, number.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(magnitude);
  }

  private static void answer(HttpExchange http, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    http.getResponseHeaders().add("Content-Type", "application/json");
    http.sendResponseHeaders(200, body.length);
    http.getResponseBody().write(body);
    http.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
