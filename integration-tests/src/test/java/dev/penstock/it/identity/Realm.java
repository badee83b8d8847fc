package dev.penstock.it.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.it.kit.Json;
import dev.penstock.it.kit.PenstockTester;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The realm as its clients see it. */
final class Realm {
  private static final Pattern FORM = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");
  private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");
  private static final String REDIRECT = "http://127.0.0.1/logged-in";
  private static final String VERIFIER =
      "a-verifier-that-is-long-enough-for-the-standard-0123456789";

  private final URI issuer;
  private final String password;

  Realm(URI issuer, String password) {
    this.issuer = issuer;
    this.password = password;
  }

  /** The one that was started beside an installation. */
  static Realm of(PenstockTester tester) {
    return new Realm(
        URI.create(Objects.requireNonNull(tester.environment().get("PENSTOCK_OIDC_ISSUER"))),
        tester.secret("sso-password"));
  }

  /** An access token and what is in it. */
  record Token(String text, JsonNode claims) {
    static Token of(JsonNode answer) {
      String text = answer.path("access_token").asText();
      assertThat(text).as(answer.toString()).isNotEmpty();
      byte[] payload = Base64.getUrlDecoder().decode(text.split("\\.", -1)[1]);
      return new Token(text, Json.parse(new String(payload, StandardCharsets.UTF_8)));
    }
  }

  /** As browsers do it on a loopback address: cookies for secure connections go there, too. */
  private static final class Cookies extends CookieHandler {
    private final Map<String, String> kept = new LinkedHashMap<>();

    @Override
    public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
      return Map.of(
          "Cookie",
          List.of(
              kept.entrySet().stream()
                  .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                  .collect(Collectors.joining("; "))));
    }

    @Override
    public void put(URI uri, Map<String, List<String>> headers) {
      headers.forEach((name, values) -> {
        if ("set-cookie".equalsIgnoreCase(name)) {
          values.forEach(value -> {
            String[] cookie = value.split(";", 2)[0].split("=", 2);
            kept.put(cookie[0], cookie[1]);
          });
        }
      });
    }
  }

  /** What a program gets that knows somebody's password. */
  Token ofUser(String user, String scope) {
    return token(
        Map.of(
            "grant_type", "password",
            "client_id", "penstock-cli",
            "username", user,
            "password", password,
            "scope", scope));
  }

  /** What a program gets for itself. */
  Token ofProgram(String client, String secret, String scope) {
    return token(
        Map.of(
            "grant_type", "client_credentials",
            "client_id", client,
            "client_secret", secret,
            "scope", scope));
  }

  /** What somebody gets who logs in with a browser, at a level. */
  Token ofBrowser(String user, String acr) {
    HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new Cookies())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    HttpResponse<String> page =
        send(
            browser,
            HttpRequest.newBuilder(
                URI.create(
                    issuer
                        + "/protocol/openid-connect/auth?"
                        + form(
                            Map.of(
                                "response_type", "code",
                                "client_id", "penstock-cli",
                                "redirect_uri", REDIRECT,
                                "scope", "openid",
                                "acr_values", acr,
                                "code_challenge_method", "S256",
                                "code_challenge", challenge())))));
    for (int step = 0; page.statusCode() == 200 && step < 3; step++) {
      Matcher action = FORM.matcher(page.body());
      assertThat(action.find()).as(page.body()).isTrue();
      page =
          send(
              browser,
              post(
                  URI.create(action.group(1).replace("&amp;", "&")),
                  Map.of("username", user, "password", password)));
      if (page.statusCode() == 302 && !location(page).startsWith(REDIRECT)) {
        page = send(browser, HttpRequest.newBuilder(URI.create(location(page))));
      }
    }
    Matcher code = CODE.matcher(location(page));
    assertThat(code.find()).as(page.statusCode() + " " + page.headers()).isTrue();
    return token(
        Map.of(
            "grant_type",
            "authorization_code",
            "client_id",
            "penstock-cli",
            "code",
            code.group(1),
            "redirect_uri",
            REDIRECT,
            "code_verifier",
            VERIFIER));
  }

  private static String location(HttpResponse<String> page) {
    return page.headers().firstValue("Location").orElse("");
  }

  private static String challenge() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private Token token(Map<String, String> parameters) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return Token.of(
          Json.parse(
              send(http, post(URI.create(issuer + "/protocol/openid-connect/token"), parameters))
                  .body()));
    }
  }

  static HttpRequest.Builder post(URI address, Map<String, String> parameters) {
    return HttpRequest.newBuilder(address)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(form(parameters)));
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each ->
            each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  static HttpResponse<String> send(HttpClient http, HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no answer from Keycloak", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
