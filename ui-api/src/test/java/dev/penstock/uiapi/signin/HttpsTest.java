package dev.penstock.uiapi.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.uiapi.kit.Browser;
import dev.penstock.uiapi.kit.Surroundings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where browsers come over TLS, which ends before the console. */
@QuarkusTest
@TestProfile(HttpsTest.Https.class)
@QuarkusTestResource(value = Surroundings.class, restrictToAnnotatedClass = true)
@SuppressWarnings("NullAway.Init") // set by the test extension
class HttpsTest {

  @TestHTTPResource URI root;

  /** A console with a name. */
  public static final class Https implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("penstock.console-url", "https://console.example");
    }
  }

  @Test
  void givesCookiesThatOnlyThisHostTakesOnlyOverTls() {
    Browser browser = new Browser(root);
    HttpResponse<String> sent =
        browser.send(HttpRequest.newBuilder(root.resolve("/signed-in?to=/nodes")));
    String provider = sent.headers().firstValue("Location").orElseThrow();
    assertThat(provider).contains("redirect_uri=https%3A%2F%2F");

    // The provider sends the browser back to the name; here it goes to where the name leads.
    HttpResponse<String> back = browser.send(HttpRequest.newBuilder(URI.create(provider)));
    URI callback = URI.create(back.headers().firstValue("Location").orElseThrow());
    browser.open(callback.getRawPath() + "?" + callback.getRawQuery());

    assertThat(browser.cookies().keySet())
        .allMatch(name -> name.startsWith("__Host-q_session"))
        .hasSizeGreaterThanOrEqualTo(3);
    List<String> set =
        browser.answers().stream()
            .flatMap(answer -> answer.headers().allValues("set-cookie").stream())
            .toList();
    assertThat(set)
        .allMatch(cookie -> cookie.startsWith("__Host-q_"))
        .allMatch(cookie -> cookie.contains("Secure") && cookie.contains("Path=/;"))
        .noneMatch(cookie -> cookie.contains("Domain="));
    assertThat(browser.fetch("GET", "/api/session").body()).contains("Hanna Health");
  }

  @Test
  void knowsNoSessionByAnUnprotectedName() {
    Browser browser = new Browser(root);
    HttpRequest.Builder planted =
        HttpRequest.newBuilder(root.resolve("/api/session"))
            .header("Cookie", "q_session_console=x");

    assertThat(browser.send(planted).statusCode()).isEqualTo(401);
  }

  @Test
  void takesWritesFromPagesUnderItsName() {
    Browser browser = new Browser(root);

    assertThat(write(browser, "https://console.example")).isEqualTo(401);
    assertThat(write(browser, "http://" + root.getAuthority())).isEqualTo(403);
  }

  private static int write(Browser browser, String origin) {
    return browser
        .fetch("DELETE", "/api/admin/tenants/acme/api-keys/mine", "Origin", origin)
        .statusCode();
  }
}
