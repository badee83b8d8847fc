package dev.penstock.controlplane.enrolment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.ControlPlaneConfig;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Asks Kubernetes whose a service account's token is, and of which pod (TokenReview). The token is
 * believed for this purpose only: it has to be made for the audience {@value #AUDIENCE}.
 */
@Singleton
class ServiceAccountReview {

  static final String AUDIENCE = "penstock-enrolment";

  private static final String PATH = "/apis/authentication.k8s.io/v1/tokenreviews";
  private static final String ACCOUNT = "system:serviceaccount:";
  private static final String POD = "authentication.kubernetes.io/pod-name";
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Pattern FORM = Pattern.compile("([a-z0-9-]+)=([a-z0-9-]+/[a-z0-9.-]+)");
  private static final int OK = 200;
  private static final int CREATED = 201;

  private final Map<String, String> regions;
  private final URI api;
  private final Path credentials;
  private final ObjectMapper json;

  ServiceAccountReview(ControlPlaneConfig config, ObjectMapper json) {
    regions =
        config.kubernetes().serviceAccounts().orElse(List.of()).stream()
            .map(ServiceAccountReview::entry)
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    api = config.kubernetes().api();
    credentials = config.kubernetes().credentials();
    this.json = json;
  }

  private static Map.Entry<String, String> entry(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalStateException(
          "PENSTOCK_KUBERNETES_SERVICE_ACCOUNTS: \""
              + text
              + "\" (expected: region=namespace/name)");
    }
    return Map.entry(form.group(1), form.group(2));
  }

  /** Whose a token is. */
  sealed interface Verdict {

    /**
     * Of a pod.
     *
     * @param account namespace and name, with a slash between
     */
    record Of(String account, String pod) implements Verdict {}

    /** Of nobody who may enrol. */
    record Nobody(String sentence) implements Verdict {}

    /** Kubernetes does not answer. */
    record Unknown(String sentence) implements Verdict {}
  }

  /** Whether nodes may enrol in this way at all. */
  boolean isSetUp() {
    return !regions.isEmpty();
  }

  /** Whether the pods of an account may be nodes of a region. */
  boolean isOf(String region, String account) {
    return account.equals(regions.get(region));
  }

  /** Blocks. */
  Verdict review(String token) {
    ObjectNode review = json.createObjectNode();
    review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenReview");
    review.putObject("spec").put("token", token).putArray("audiences").add(AUDIENCE);
    try (HttpClient http =
        HttpClient.newBuilder().sslContext(trust()).connectTimeout(PATIENCE).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(api.resolve(PATH))
              .timeout(PATIENCE)
              // Read anew: Kubernetes replaces it every hour.
              .header(
                  "Authorization",
                  "Bearer " + Files.readString(credentials.resolve("token")).strip())
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(review.toString()))
              .build();
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != OK && answer.statusCode() != CREATED) {
        return new Verdict.Unknown("Kubernetes answers TokenReview with " + answer.statusCode());
      }
      return verdict(json.readTree(answer.body()).path("status"));
    } catch (IOException | GeneralSecurityException away) {
      return new Verdict.Unknown("Kubernetes cannot be asked: " + away.getMessage());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return new Verdict.Unknown("the control plane is stopping");
    }
  }

  private static Verdict verdict(JsonNode status) {
    boolean meant = false;
    for (JsonNode audience : status.path("audiences")) {
      meant |= AUDIENCE.equals(audience.asText());
    }
    // A server that does not know audiences would answer without any: that is no yes.
    if (!status.path("authenticated").asBoolean() || !meant) {
      return new Verdict.Nobody(
          "Kubernetes does not know the token, or not for the audience " + AUDIENCE);
    }
    JsonNode user = status.path("user");
    String name = user.path("username").asText();
    String pod = user.path("extra").path(POD).path(0).asText();
    if (!name.startsWith(ACCOUNT) || pod.isEmpty()) {
      return new Verdict.Nobody("the token is not that of a pod's service account");
    }
    return new Verdict.Of(name.substring(ACCOUNT.length()).replace(':', '/'), pod);
  }

  private SSLContext trust() throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(credentials.resolve("ca.crt"))) {
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("ca-" + number++, Objects.requireNonNull(each));
      }
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
