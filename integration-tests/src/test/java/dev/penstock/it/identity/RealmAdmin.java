package dev.penstock.it.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.penstock.it.identity.Realm.Token;
import dev.penstock.it.kit.Json;
import dev.penstock.it.kit.PenstockTester;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** The realm as its administrator sees it in Keycloak's own console. */
final class RealmAdmin {
  private static final String REALM = "/realms/penstock";

  private final HttpClient http;
  private final URI server;
  private final String password;

  RealmAdmin(PenstockTester tester, HttpClient http) {
    this.http = http;
    String issuer = Objects.requireNonNull(tester.environment().get("PENSTOCK_OIDC_ISSUER"));
    server = URI.create(issuer.replace(REALM, ""));
    password = tester.secret("sso-admin-password");
  }

  /** Anew each time: it is good for a minute, and the server is killed meanwhile. */
  private String token() {
    return Token.of(
            Json.parse(
                Realm.send(
                        http,
                        Realm.post(
                            URI.create(server + "/realms/master/protocol/openid-connect/token"),
                            Map.of(
                                "grant_type", "password",
                                "client_id", "admin-cli",
                                "username", "admin",
                                "password", password)))
                    .body()))
        .text();
  }

  private HttpResponse<String> call(String method, String path, String body) {
    return Realm.send(
        http,
        HttpRequest.newBuilder(URI.create(server + "/admin" + REALM + path))
            .header("Authorization", "Bearer " + token())
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  JsonNode get(String path) {
    HttpResponse<String> answer = call("GET", path, "");
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    return Json.parse(answer.body());
  }

  /** Sends something, and answers the id of what it made. */
  String post(String path, String json) {
    HttpResponse<String> answer = call("POST", path, json);
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isBetween(200, 299);
    return answer.headers().firstValue("Location").orElse("").replaceFirst(".*/", "");
  }

  /** Missing where there is none of this alias. */
  JsonNode organization(String alias) {
    for (JsonNode each : get("/organizations?max=200")) {
      if (each.path("alias").asText().equals(alias)) {
        return get("/organizations/" + each.path("id").asText());
      }
    }
    return MissingNode.getInstance();
  }

  List<String> members(String alias) {
    return names(get(path(alias) + "/members?max=200"), "username");
  }

  List<String> groups(String alias) {
    return names(get(path(alias) + "/groups?max=200"), "name");
  }

  List<String> membersOfGroup(String alias, String group) {
    for (JsonNode each : get(path(alias) + "/groups?max=200")) {
      if (each.path("name").asText().equals(group)) {
        return names(
            get(path(alias) + "/groups/" + each.path("id").asText() + "/members"), "username");
      }
    }
    throw new AssertionError("no group " + group + " in " + alias);
  }

  List<String> identityProviders(String alias) {
    return names(get(path(alias) + "/identity-providers"), "alias");
  }

  String path(String alias) {
    return "/organizations/" + organization(alias).path("id").asText();
  }

  String user(String name) {
    JsonNode found = get("/users?exact=true&username=" + name);
    assertThat(found).as(name).hasSize(1);
    return found.path(0).path("id").asText();
  }

  JsonNode client(String clientId) {
    return get("/clients?clientId=" + clientId).path(0);
  }

  /** As its owner copies it from the console. */
  String clientSecret(String clientId) {
    return get("/clients/" + client(clientId).path("id").asText() + "/client-secret")
        .path("value")
        .asText();
  }

  /** How many changes the service client has made to the realm, as the realm itself has noted. */
  int changesBy(String clientId) {
    String client = client(clientId).path("id").asText();
    List<JsonNode> changes = new ArrayList<>();
    get("/admin-events?max=5000&authClient=" + client).forEach(changes::add);
    return changes.size();
  }

  private static List<String> names(JsonNode list, String field) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(each -> each.path(field).asText())
        .sorted()
        .toList();
  }
}
