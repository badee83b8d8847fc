package dev.penstock.uiapi.kit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An OpenID provider at which everybody is {@code hanna} and logged in already. It keeps to the
 * code flow: a code is good once, and only with the verifier of its challenge.
 */
public final class TestProvider implements AutoCloseable {

  /** What the console proves itself with. */
  public static final String SECRET = "a-client-secret-that-is-long-enough-0123456789";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY_ID = "test";

  private final HttpServer server;
  private final KeyPair key;
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

  public TestProvider() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      key = generator.generateKeyPair();
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/.well-known/openid-configuration", http -> answer(http, discovery()));
    server.createContext("/certs", http -> answer(http, keySet()));
    server.createContext("/auth", this::authorize);
    server.createContext("/token", this::token);
    server.start();
  }

  public String issuer() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** As if it were away: nothing listens. */
  @Override
  public void close() {
    server.stop(0);
  }

  private void authorize(HttpExchange http) throws IOException {
    Map<String, String> asked = parameters(http.getRequestURI().getRawQuery());
    String code = UUID.randomUUID().toString();
    codes.put(code, asked);
    String back =
        asked.get("redirect_uri")
            + "?code="
            + code
            + "&state="
            + URLEncoder.encode(value(asked, "state"), StandardCharsets.UTF_8);
    http.getResponseHeaders().add("Location", back);
    http.sendResponseHeaders(302, -1);
    http.close();
  }

  private void token(HttpExchange http) throws IOException {
    String body = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    Map<String, String> sent = parameters(body);
    Map<String, String> asked = codes.remove(value(sent, "code"));
    if (asked == null
        || !value(asked, "code_challenge").equals(challenge(value(sent, "code_verifier")))) {
      http.sendResponseHeaders(400, -1);
      http.close();
      return;
    }
    Map<String, Object> claims = claims(asked);
    answer(
        http,
        Map.of(
            "id_token",
            sign(claims),
            "access_token",
            sign(claims),
            "refresh_token",
            "a-refresh-token",
            "token_type",
            "Bearer",
            "expires_in",
            300));
  }

  /** The token says what was asked for, so that a test sees it. */
  private Map<String, Object> claims(Map<String, String> asked) {
    Map<String, Object> claims = new HashMap<>();
    claims.put("iss", issuer());
    claims.put("aud", "penstock-console");
    claims.put("sub", "id-of-hanna");
    claims.put("name", "Hanna Health");
    claims.put("iat", Instant.now().getEpochSecond());
    claims.put("exp", Instant.now().plusSeconds(300).getEpochSecond());
    claims.put("acr", asked.getOrDefault("acr_values", "login"));
    String scope = value(asked, "scope");
    claims.put(
        "organization",
        scope.contains("organization:*")
            ? List.of("acme-health", "acme-labs")
            : List.of(scope.replaceAll(".*organization:", "")));
    return claims;
  }

  private Map<String, Object> discovery() {
    return Map.of(
        "issuer", issuer(),
        "authorization_endpoint", issuer() + "/auth",
        "token_endpoint", issuer() + "/token",
        "jwks_uri", issuer() + "/certs",
        "end_session_endpoint", issuer() + "/logout");
  }

  private Map<String, Object> keySet() {
    RSAPublicKey open = (RSAPublicKey) key.getPublic();
    return Map.of(
        "keys",
        List.of(
            Map.of(
                "kty",
                "RSA",
                "alg",
                "RS256",
                "use",
                "sig",
                "kid",
                KEY_ID,
                "n",
                number(open.getModulus().toByteArray()),
                "e",
                number(open.getPublicExponent().toByteArray()))));
  }

  private String sign(Map<String, Object> claims) {
    try {
      String text =
          base64(JSON.writeValueAsBytes(Map.of("alg", "RS256", "typ", "JWT", "kid", KEY_ID)))
              + "."
              + base64(JSON.writeValueAsBytes(claims));
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key.getPrivate());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + base64(signature.sign());
    } catch (GeneralSecurityException | JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String challenge(String verifier) {
    try {
      return base64(
          MessageDigest.getInstance("SHA-256")
              .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String number(byte[] bytes) {
    int sign = bytes[0] == 0 && bytes.length > 1 ? 1 : 0;
    return base64(Arrays.copyOfRange(bytes, sign, bytes.length));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String value(Map<String, String> parameters, String name) {
    return Objects.requireNonNull(parameters.get(name), name);
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String each : query.split("&", -1)) {
      String[] pair = each.split("=", 2);
      parameters.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    return parameters;
  }

  private static void answer(HttpExchange http, Object json) throws IOException {
    byte[] body = JSON.writeValueAsBytes(json);
    http.getResponseHeaders().add("Content-Type", "application/json");
    http.sendResponseHeaders(200, body.length);
    http.getResponseBody().write(body);
    http.close();
  }
}
