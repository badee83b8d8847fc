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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ConsoleTest {
  private final HttpClient http = HttpClient.newHttpClient();

  @TestHTTPResource
  @SuppressWarnings("NullAway.Init") // set by the test extension
  URI root;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/nodes",
        "/tenants",
        "/tenants/acme-health",
        "/tenants/acme-health/guards",
        "/tenants/acme-health/guards/own",
        "/tenants/acme-health/keys",
        "/tenants/acme-health/spend",
        "/requests/01a20e6d-ae30-717e-9565-1e9b406433a9"
      })
  void isOnePageUnderTheAddressOfEach(String address) throws Exception {
    HttpResponse<String> page = get(address);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("content-type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
    assertThat(page.headers().firstValue("cache-control")).hasValue("no-cache");
    assertThat(page.body()).contains("<penstock-console>").contains("<html lang=\"en\">");
  }

  @Test
  void saysThatSignInIsNotSetUp() throws Exception {
    HttpResponse<String> answer = get("/api/session");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("Sign-in is not set up", "PENSTOCK_OIDC_ISSUER");
    assertThat(get("/sign-in").headers().firstValue("location"))
        .hasValueSatisfying(there -> assertThat(there).endsWith("/?signIn=not-set-up"));
  }

  @Test
  void allowsNothingFromElsewhereOnItsPage() throws Exception {
    HttpResponse<String> page = get("/");

    assertThat(page.headers().firstValue("content-security-policy"))
        .hasValueSatisfying(policy ->
            assertThat(policy)
                .contains("default-src 'none'", "script-src 'self'")
                .doesNotContain("unsafe"));
    assertThat(page.headers().firstValue("x-content-type-options")).hasValue("nosniff");
    assertThat(page.body())
        .doesNotContain("style=")
        .doesNotContain("http")
        .doesNotContainPattern("<script(?![^>]* src=)");
  }

  @Test
  void namesItsBundleByItsHashSoThatItCanBeKept() throws Exception {
    Matcher script =
        Pattern.compile("src=\"(/static/bundle/[^\"]+\\.js)\"").matcher(get("/").body());
    assertThat(script.find()).isTrue();

    HttpResponse<String> bundle = get(script.group(1));

    assertThat(bundle.headers().firstValue("cache-control"))
        .hasValue("public, max-age=31536000, immutable");
    assertThat(bundle.body()).contains("penstock-console").hasSizeLessThan(150_000);
    assertThat(get(script.group(1) + ".map").statusCode()).isEqualTo(404);
  }

  @Test
  void isReady() throws Exception {
    assertThat(get("/q/health/ready").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/tenants",
        "/tenants/a/b/c",
        "/login",
        "/q/dev-ui",
        "/application.properties"
      })
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
