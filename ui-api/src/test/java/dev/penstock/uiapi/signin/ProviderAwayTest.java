package dev.penstock.uiapi.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.uiapi.kit.Browser;
import dev.penstock.uiapi.kit.TestProvider;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A console whose provider cannot be reached, and never could. */
@QuarkusTest
@TestProfile(ProviderAwayTest.Away.class)
@SuppressWarnings("NullAway.Init") // set by the test extension
class ProviderAwayTest {

  @TestHTTPResource URI root;

  /** Nothing listens on port 1. */
  public static final class Away implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "penstock.oidc.issuer",
          "http://127.0.0.1:1",
          "penstock.oidc.client-secret",
          TestProvider.SECRET);
    }
  }

  @Test
  void startsAndIsReady() {
    assertThat(new Browser(root).open("/q/health/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void saysSoInsteadOfSendingAnybodyThere() {
    HttpResponse<String> page = new Browser(root).open("/sign-in?to=/nodes");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.uri().toString()).endsWith("/?signIn=away&to=%2Fnodes");
  }

  @Test
  void answersSomebodyWithASessionThatItCannotBeAsked() {
    HttpResponse<String> answer =
        new Browser(root).fetch("GET", "/api/session", "Cookie", "q_session_console=a-session");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("the identity provider does not answer");
  }
}
