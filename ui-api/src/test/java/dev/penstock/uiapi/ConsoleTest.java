package dev.penstock.uiapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ConsoleTest {
  private final HttpClient http = HttpClient.newHttpClient();

  @TestHTTPResource
  @SuppressWarnings("NullAway.Init") // set by the test extension
  URI root;

  @Test
  void saysThatSignInIsNotSetUp() throws Exception {
    HttpResponse<String> page = get("/");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
    assertThat(page.body()).contains("Sign-in is not set up").contains("<html lang=\"en\">");
  }

  @Test
  void allowsNothingFromElsewhereOnItsPage() throws Exception {
    HttpResponse<String> page = get("/");

    assertThat(page.headers().firstValue("content-security-policy"))
        .hasValueSatisfying(
            policy -> assertThat(policy).contains("default-src 'none'").doesNotContain("unsafe"));
    assertThat(page.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(page.body())
        .doesNotContain("<script")
        .doesNotContain("style=")
        .doesNotContain("http");
  }

  @Test
  void isReady() throws Exception {
    assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/tenants", "/tenants", "/login", "/q/dev-ui", "/application.properties"})
  void hasNothingElse(String path) throws Exception {
    assertThat(get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void namesAWrongPort() {
    assertThat(Console.portFault("70800"))
        .hasValueSatisfying(fault -> assertThat(fault).contains("70800"));
    assertThat(Console.portFault("http")).isPresent();
    assertThat(Console.portFault("7080")).isEmpty();
    assertThat(Console.portFault(null)).isEmpty();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(HttpRequest.newBuilder(root.resolve(path)).build(), BodyHandlers.ofString());
  }
}
