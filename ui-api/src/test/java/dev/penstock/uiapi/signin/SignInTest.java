package dev.penstock.uiapi.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.uiapi.kit.Browser;
import dev.penstock.uiapi.kit.Surroundings;
import dev.penstock.uiapi.kit.TestAdmin;
import dev.penstock.uiapi.kit.TestAdmin.Seen;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a session is, what it opens, and what never comes out of it. */
@QuarkusTest
@QuarkusTestResource(value = Surroundings.class, restrictToAnnotatedClass = true)
@SuppressWarnings("NullAway.Init") // set by the test extensions
class SignInTest {

  private static final String KEY = "/api/admin/tenants/acme-health/api-keys/mine";

  @TestHTTPResource URI root;

  TestAdmin admin;

  private Browser browser;

  @BeforeEach
  void openABrowser() {
    browser = new Browser(root);
    admin.forget();
  }

  private String origin() {
    return root.getScheme() + "://" + root.getAuthority();
  }

  @Test
  void asksWhoItIsBeforeItAnswersAnything() {
    HttpResponse<String> answer = browser.fetch("GET", "/api/session");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("\"signIn\":{\"acr\":\"\",\"maxAge\":\"\"}");
    assertThat(admin.seen()).isEmpty();
  }

  @Test
  void comesBackToWhereOneWasAndSendsTheTokenAlong() {
    HttpResponse<String> page = browser.open("/sign-in?to=/tenants/acme-health/keys");
    HttpResponse<String> session = browser.fetch("GET", "/api/session");

    assertThat(page.uri().getPath()).isEqualTo("/tenants/acme-health/keys");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(session.body()).contains("Hanna Health", "acme-labs");
    assertThat(admin.seen()).extracting(Seen::address).containsExactly("/api/v1/whoami");
    assertThat(admin.seen().getFirst().token().orElse("")).startsWith("Bearer ey");
  }

  @Test
  void tellsABrowserNoToken() {
    browser.open("/sign-in?to=/");
    browser.fetch("GET", "/api/session");
    String token = admin.seen().getFirst().token().orElseThrow().substring("Bearer ".length());

    assertThat(browser.cookies()).hasSizeGreaterThanOrEqualTo(3);
    for (HttpResponse<String> answer : browser.answers()) {
      assertThat(answer.body()).doesNotContain("eyJ").doesNotContain(token);
      assertThat(answer.headers().map().toString()).doesNotContain(token);
      answer
          .headers()
          .allValues("set-cookie")
          .forEach(cookie -> assertThat(cookie).containsPattern("HTTPOnly|^[^=]+=; Max-Age=0"));
    }
  }

  @Test
  void asksForTheOneOrganizationThatWasChosen() {
    browser.open("/sign-in?to=/");
    browser.open("/sign-in?to=/&organization=acme-labs");

    assertThat(browser.fetch("GET", "/api/session").body())
        .contains("\"organizations\":[\"acme-labs\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/%5Celsewhere.example/",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:x=1"
      })
  void goesNowhereElseAfterwards(String to) {
    HttpResponse<String> page = browser.open("/sign-in?to=" + to);

    assertThat(page.uri().getAuthority()).isEqualTo(root.getAuthority());
    assertThat(page.uri().getPath()).isEqualTo("/");
  }

  @Test
  void passesOnWhatAPageMayAskForAndNothingElseOfTheAnswer() {
    browser.open("/sign-in?to=/");
    admin.forget();

    HttpResponse<String> answer = browser.fetch("GET", "/api/admin/requests?limit=50&tenant=acme");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("etag")).hasValue("\"state\"");
    assertThat(answer.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(answer.headers().firstValue("x-internal")).isEmpty();
    assertThat(admin.seen()).hasSize(1);
    assertThat(admin.seen().getFirst().address())
        .isIn("/api/v1/requests?limit=50&tenant=acme", "/api/v1/requests?tenant=acme&limit=50");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/admin/tenants/acme-health/secrets",
        "/api/admin/apply",
        "/api/admin/tenants/..%2f..%2f..%2fq%2fhealth",
        "/api/admin/tenants/acme%2fsecrets",
        "/api/admin/nodes?inflight=1"
      })
  void passesOnNothingElse(String path) {
    browser.open("/sign-in?to=/");
    admin.forget();

    assertThat(browser.fetch("GET", path).statusCode()).isIn(400, 404);
    assertThat(admin.seen()).isEmpty();
  }

  @Test
  void takesWritesFromItsOwnPagesAlone() {
    browser.open("/sign-in?to=/");
    admin.forget();
    HttpRequest.Builder form =
        HttpRequest.newBuilder(root.resolve(KEY)).header("Origin", origin()).DELETE();

    assertThat(browser.fetch("DELETE", KEY).statusCode()).isEqualTo(403);
    assertThat(browser.fetch("DELETE", KEY, "Origin", "https://elsewhere.example").statusCode())
        .isEqualTo(403);
    assertThat(browser.send(form).statusCode()).isEqualTo(403);
    assertThat(admin.seen()).isEmpty();

    HttpResponse<String> own =
        browser.fetch("DELETE", KEY, "Origin", origin(), "If-Match", "\"state\"");
    assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
    assertThat(admin.seen()).extracting(seen -> seen.ifMatch().orElse("")).contains("\"state\"");
  }

  @Test
  void replacesAGuardFromItsOwnPagesAloneAndInTheStateThatWasShown() {
    String guard = "/api/admin/tenants/acme-health/guards/own";
    browser.open("/sign-in?to=/");
    admin.forget();

    assertThat(browser.fetch("PUT", guard).statusCode()).isEqualTo(403);
    assertThat(browser.fetch("PUT", KEY, "Origin", origin()).statusCode()).isEqualTo(404);
    assertThat(admin.seen()).isEmpty();

    HttpResponse<String> own =
        browser.fetch("PUT", guard, "Origin", origin(), "If-Match", "\"state\"");
    assertThat(own.statusCode()).as(own.body()).isEqualTo(200);
    assertThat(admin.seen()).extracting(Seen::method).containsExactly("PUT");
    assertThat(admin.seen()).extracting(seen -> seen.ifMatch().orElse("")).contains("\"state\"");
  }

  /** What is tried may be anything; addresses are written to logs on the way. */
  @Test
  void takesATextThatIsTriedInABodyAlone() {
    String guards = "/api/admin/tenants/acme-health/guards/try";
    browser.open("/sign-in?to=/");
    admin.forget();

    assertThat(browser.fetch("POST", guards + "?text=secret", "Origin", origin()).statusCode())
        .isEqualTo(400);
    assertThat(admin.seen()).isEmpty();
    assertThat(browser.fetch("POST", guards, "Origin", origin()).statusCode()).isEqualTo(200);
  }

  @Test
  void asksForAStrongerLoginWhereTheAdminApiDoesAndComesBack() {
    browser.open("/sign-in?to=/");
    String precious = TestAdmin.STEP_UP.replace("/api/v1/", "/api/admin/");

    HttpResponse<String> refused = browser.fetch("DELETE", precious, "Origin", origin());
    HttpResponse<String> page =
        browser.open("/sign-in?to=/tenants/acme-health/keys&acr=step-up&maxAge=300");

    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("\"signIn\":{\"acr\":\"step-up\",\"maxAge\":\"300\"}");
    assertThat(page.uri().getPath()).isEqualTo("/tenants/acme-health/keys");
    List<String> asked =
        browser.answers().stream()
            .map(answer -> answer.uri().toString())
            .filter(address -> address.contains("/auth?"))
            .toList();
    assertThat(asked).hasSize(2);
    assertThat(asked.getLast()).contains("acr_values=step-up", "max_age=300", "code_challenge=");
  }

  @Test
  void signsOutHereAndThere() {
    browser.open("/sign-in?to=/");

    browser.send(HttpRequest.newBuilder(root.resolve("/sign-out")));

    assertThat(browser.answers().getLast().headers().firstValue("Location").orElse(""))
        .contains("/logout?", "post_logout_redirect_uri=");
    assertThat(browser.fetch("GET", "/api/session").statusCode()).isEqualTo(401);
  }
}
