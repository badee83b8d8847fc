package dev.penstock.controlplane.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.penstock.controlplane.kit.TestPki.PemFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The one endpoint of a Kubernetes API server that enrolment asks, over TLS, for callers with its
 * own token. A token is what it says: {@code audience/namespace/account/pod}.
 */
public final class TestKubernetes implements AutoCloseable {

  public static final String ACCOUNT = "llm/penstock-node-eu-west";

  private static final String OWN_TOKEN = "token-of-the-control-planes-own-account";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpsServer server;
  private final Path credentials;

  TestKubernetes(TestPki pki) throws IOException, GeneralSecurityException {
    credentials = Files.createTempDirectory("penstock-test-kubernetes");
    Files.copy(pki.authority(), credentials.resolve("ca.crt"));
    Files.writeString(credentials.resolve("token"), OWN_TOKEN + "\n");
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(pki.server())));
    server.createContext("/", this::answer);
    server.start();
  }

  Map<String, String> config() {
    return Map.of(
        "penstock.kubernetes.service-accounts",
        "eu-west=" + ACCOUNT,
        "penstock.kubernetes.api",
        "https://localhost:" + server.getAddress().getPort(),
        "penstock.kubernetes.credentials",
        credentials.toString());
  }

  /** A token as Kubernetes would project it into a pod. */
  public static String token(String audience, String account, String pod) {
    return audience + "/" + account + "/" + pod;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode review = JSON.readTree(exchange.getRequestBody());
      boolean asked =
          exchange.getRequestURI().getPath().equals("/apis/authentication.k8s.io/v1/tokenreviews")
              && ("Bearer " + OWN_TOKEN)
                  .equals(exchange.getRequestHeaders().getFirst("Authorization"))
              && review.path("kind").asText().equals("TokenReview");
      byte[] body = JSON.writeValueAsBytes(asked ? reviewed(review) : JSON.createObjectNode());
      exchange.sendResponseHeaders(asked ? 201 : 403, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static ObjectNode reviewed(JsonNode review) {
    String[] token = review.path("spec").path("token").asText().split("/", -1);
    String audience = review.path("spec").path("audiences").path(0).asText();
    ObjectNode answer = JSON.createObjectNode();
    ObjectNode status = answer.putObject("status");
    boolean good = token.length == 4 && token[0].equals(audience);
    status.put("authenticated", good);
    if (good) {
      status.putArray("audiences").add(audience);
      ObjectNode user = status.putObject("user");
      user.put("username", "system:serviceaccount:" + token[1] + ":" + token[2]);
      user.putObject("extra").putArray("authentication.kubernetes.io/pod-name").add(token[3]);
    }
    return answer;
  }

  private static SSLContext context(PemFiles own) throws IOException, GeneralSecurityException {
    char[] password = "changeit".toCharArray();
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(own.certificate())) {
      Certificate certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
      String base64 = Files.readString(own.key()).replaceAll("-----[A-Z ]+-----|\\s", "");
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
      store.setKeyEntry("server", key, password, new Certificate[] {certificate});
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
