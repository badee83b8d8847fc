package dev.penstock.it.kit;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Somebody who calls a gateway: a tenant, its key, and the model it asks for.
 *
 * @param upstreamModel what the provider calls the model, which is the simulator's script
 * @param gateway the node that it calls
 */
public record Application(
    String tenant, String model, String upstreamModel, String key, String keyName, URI gateway) {

  private static final String PROMPT = "hello, " + Canaries.PROMPT;

  /** Base URL as the OpenAI SDKs take it. */
  public String baseUrl() {
    return gateway + "/v1";
  }

  public Application at(URI otherGateway) {
    return new Application(tenant, model, upstreamModel, key, keyName, otherGateway);
  }

  public Application withKey(String otherKey) {
    return new Application(tenant, model, upstreamModel, otherKey, keyName, gateway);
  }

  public Application asking(String otherModel) {
    return new Application(tenant, otherModel, upstreamModel, key, keyName, gateway);
  }

  public String streamBody() {
    return body("\"stream\":true");
  }

  /** A request with further fields. */
  public String body(String fields) {
    return body(fields, PROMPT);
  }

  /** A request with further fields that says something of the test's own. */
  public String body(String fields, String prompt) {
    return "{\"model\":\"%s\",%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(model, fields, prompt);
  }

  public HttpResponse<String> stream() {
    return post(streamBody());
  }

  /** As {@link #stream()}; fails where the answer's head has not come by then. */
  public HttpResponse<String> stream(Duration patience) {
    return Http.send(chat(streamBody()).timeout(patience).build());
  }

  public HttpResponse<String> post(String body) {
    return Http.send(chat(body).build());
  }

  /** Answers with the head; the lines come as they are read. */
  public HttpResponse<Stream<String>> openStream() {
    return Http.send(chat(streamBody()).build(), BodyHandlers.ofLines());
  }

  public HttpResponse<String> get(String path) {
    return Http.send(request(path).GET().build());
  }

  private HttpRequest.Builder chat(String body) {
    return request("/v1/chat/completions")
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(gateway + path))
        .header("Authorization", "Bearer " + key);
  }

  @Override
  public String toString() {
    return tenant + " asking for " + model;
  }
}
