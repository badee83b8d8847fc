package dev.penstock.it.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The admin API, as a platform engineer's script calls it. */
public final class Admin {

  private final URI address;
  private final String token;

  Admin(URI address, String token) {
    this.address = address;
    this.token = token;
  }

  /** Applies manifests, and answers with what changed. */
  public JsonNode apply(String yaml) {
    HttpResponse<String> answer =
        Http.send(
            request("apply")
                .header("Content-Type", "application/yaml")
                .POST(BodyPublishers.ofString(yaml))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode applied = Json.parse(answer.body());
    applied.path("keys").forEach(key -> Canaries.plantKey(key.path("key").asText()));
    return applied;
  }

  /** Applies manifests and waits until every connected node has them in force. */
  public JsonNode applyEverywhere(String yaml) {
    JsonNode applied = apply(yaml);
    awaitRevision(applied.path("revision").asLong());
    return applied;
  }

  public JsonNode get(String path) {
    HttpResponse<String> answer = find(path);
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    return Json.parse(answer.body());
  }

  public HttpResponse<String> find(String path) {
    return Http.send(request(path).GET().build());
  }

  /** Makes something; what it is answered with may be secret. */
  public JsonNode post(String path, String json) {
    HttpResponse<String> answer =
        Http.send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(201);
    return Json.parse(answer.body());
  }

  /** Replaces what exists, whatever it is by now, and answers with the revision that has it. */
  public long replace(String path, String json) {
    HttpResponse<String> answer =
        Http.send(
            request(path)
                .header("Content-Type", "application/json")
                .header("If-Match", "*")
                .PUT(BodyPublishers.ofString(json))
                .build());
    assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
    return answer.headers().firstValueAsLong("x-penstock-revision").orElseThrow();
  }

  public HttpResponse<String> delete(String path) {
    return Http.send(request(path).DELETE().build());
  }

  /** The record of a request; it comes a moment after the answer. */
  public JsonNode record(String requestId) {
    await("the record of " + requestId)
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(() -> assertThat(find("requests/" + requestId).statusCode()).isEqualTo(200));
    return get("requests/" + requestId);
  }

  /** Every record of a tenant, page after page. */
  public List<JsonNode> records(String tenant) {
    List<JsonNode> records = new ArrayList<>();
    String path = "requests?limit=1000&tenant=" + tenant;
    while (true) {
      JsonNode page = get(path);
      page.path("items").forEach(records::add);
      if (page.path("nextCursor").isNull() || page.path("nextCursor").isMissingNode()) {
        return records;
      }
      path =
          "requests?limit=1000&tenant=%s&cursor=%s"
              .formatted(tenant, page.path("nextCursor").asText());
    }
  }

  /** The newest record of a tenant that was refused with this code. */
  public JsonNode refusal(String tenant, String code) {
    List<JsonNode> found = new ArrayList<>();
    await("a record with " + code)
        .atMost(Patience.FOR_AN_ANSWER)
        .untilAsserted(() -> {
          found.clear();
          records(tenant).stream()
              .filter(record -> record.path("errorCode").asText().equals(code))
              .forEach(found::add);
          assertThat(found).isNotEmpty();
        });
    return found.getFirst();
  }

  public JsonNode node(String name) {
    for (JsonNode node : get("nodes").path("items")) {
      if (node.path("name").asText().equals(name)) {
        return node;
      }
    }
    throw new AssertionError("no node " + name);
  }

  /** Waits until every connected node serves from this revision or a newer one. */
  public void awaitRevision(long revision) {
    await("revision " + revision + " on every node")
        .atMost(Patience.FOR_AN_ANSWER)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> {
          for (JsonNode node : get("nodes").path("items")) {
            if (node.path("connected").asBoolean()) {
              assertThat(node.path("ackedRevision").asLong())
                  .as(node.toString())
                  .isGreaterThanOrEqualTo(revision);
            }
          }
        });
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + "/api/v1/" + path))
        .timeout(Patience.FOR_AN_ANSWER)
        .header("Authorization", "Bearer " + token);
  }
}
