package dev.penstock.cli.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.installation.EnvFile;
import dev.penstock.cli.installation.Installation;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Calls the admin API with one bearer token. */
public final class AdminClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http;
  private final URI address;
  private final String token;
  private final String pace;

  public AdminClient(HttpClient http, URI address, String token) {
    this(http, address, token, "");
  }

  private AdminClient(HttpClient http, URI address, String token, String pace) {
    this.http = http;
    this.address = address;
    this.token = token;
    this.pace = pace;
  }

  /** The same, asking with every write that it reaches the nodes in waves. */
  public AdminClient inWaves() {
    return new AdminClient(http, address, token, "rollout=waves");
  }

  /** As this process's environment says, or else as the installation that runs here says. */
  public static AdminClient locate() {
    Map<String, String> environment = System.getenv();
    return locate(Installation.locate(environment), environment);
  }

  /** As {@link #locate()}, of another environment. */
  static AdminClient locate(Installation installation, Map<String, String> environment) {
    Map<String, String> running = new EnvFile(installation).read();
    String address = either(environment, running, "PENSTOCK_ADMIN_URL");
    String token = either(environment, running, "PENSTOCK_ADMIN_TOKEN");
    if (address == null || token == null) {
      throw CommandFailure.configuration(
          "no control plane to talk to: start one with ./penstock up,"
              + " or set PENSTOCK_ADMIN_URL and PENSTOCK_ADMIN_TOKEN.");
    }
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    return new AdminClient(http, URI.create(address), token);
  }

  private static @Nullable String either(
      Map<String, String> environment, Map<String, String> running, String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? running.get(name) : value;
  }

  /** What is there, or nothing when the answer is 404. */
  public Optional<JsonNode> find(String path) {
    HttpResponse<String> answer = send(request(path).GET().build());
    if (answer.statusCode() == 404) {
      return Optional.empty();
    }
    return Optional.of(accepted(answer));
  }

  /** Every item of a list, page after page. */
  public List<JsonNode> list(String path) {
    List<JsonNode> items = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      String begin = path + (path.contains("?") ? "&" : "?") + "cursor=";
      String page = cursor == null ? path : begin + encoded(cursor);
      JsonNode answer = accepted(send(request(page).GET().build()));
      answer.path("items").forEach(items::add);
      cursor = answer.path("nextCursor").textValue();
    } while (cursor != null);
    return items;
  }

  /** Copies an answer of another form, of any length, as it comes. */
  public void copy(String path, String form, Writer to) {
    HttpRequest request =
        request(path).setHeader("Accept", form + ", application/problem+json;q=0.1").GET().build();
    HttpResponse<InputStream> answer = send(request, BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() >= 300) {
        String refusal = new String(body.readAllBytes(), StandardCharsets.UTF_8);
        throw refused(answer.statusCode(), parsed(refusal));
      }
      new InputStreamReader(body, StandardCharsets.UTF_8).transferTo(to);
    } catch (IOException e) {
      throw CommandFailure.failed("the answer of the control plane broke off: ask again.");
    }
  }

  /**
   * What a write would do.
   *
   * @param tag names the state that this holds for
   */
  public record Planned(JsonNode plan, String tag) {}

  /**
   * What a write has done.
   *
   * @param rollout the one in waves with which it reaches the nodes; empty: all have it at once
   */
  public record Done(JsonNode answer, Optional<String> rollout) {

    /** Under which revision it is in force, as a line for people. */
    public String revisionLine() {
      String line = "revision " + answer.path("revision").asText();
      return rollout
          .map(first ->
              line
                  + ", in waves: ./penstock get rollouts %s tells how far they have come"
                      .formatted(first))
          .orElse(line);
    }
  }

  /** Whether resources go that the manifests cover and do not hold. */
  public enum Others {
    KEPT(""),
    PRUNED("prune=true");

    private final String query;

    Others(String query) {
      this.query = query;
    }
  }

  /** A token with which one node joins. */
  public String joinToken(String region, String node) {
    JsonNode wanted = JSON.createObjectNode().put("region", region).put("node", node);
    return accepted(
            send(
                request("join-tokens")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(wanted.toString()))
                    .build()))
        .path("token")
        .asText();
  }

  /** What applying manifests would do; nothing is done. */
  public Planned plan(List<JsonNode> manifests, Others others) {
    return planned(send(posting("plan" + query(others.query), manifests).build()));
  }

  /** Applies manifests in one transaction: all or nothing. */
  public Done apply(List<JsonNode> manifests) {
    return done(send(posting("apply" + query(), manifests).build()));
  }

  /** Carries out a plan, unless something else has been written since. */
  public Done apply(List<JsonNode> manifests, Others others, Planned planned) {
    return done(
        send(
            posting("apply" + query(others.query), manifests)
                .header("If-Match", planned.tag())
                .build()));
  }

  private HttpRequest.Builder posting(String path, List<JsonNode> manifests) {
    JsonNode body = JSON.createObjectNode().set("items", JSON.valueToTree(manifests));
    return request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body.toString()));
  }

  /** Removes a resource; answers whether it was there. */
  public boolean delete(String path) {
    HttpResponse<String> answer = send(request(path).DELETE().build());
    if (answer.statusCode() == 404) {
      return false;
    }
    accepted(answer);
    return true;
  }

  /** What removing a resource would do; empty if it is not there. */
  public Optional<Planned> planDelete(String path) {
    HttpResponse<String> answer = send(request(path + "?dryRun=true").DELETE().build());
    return answer.statusCode() == 404 ? Optional.empty() : Optional.of(planned(answer));
  }

  /** What going back to a revision would do; nothing is done. */
  public Planned planRollback(long revision) {
    return planned(send(rollingBack(revision, query("dryRun=true")).build()));
  }

  /** Goes back to a revision as planned, unless something else has been written since. */
  public Done rollback(long revision, Planned planned) {
    return done(send(rollingBack(revision, query()).header("If-Match", planned.tag()).build()));
  }

  private HttpRequest.Builder rollingBack(long revision, String query) {
    return request("revisions/" + revision + "/rollback" + query).POST(BodyPublishers.noBody());
  }

  private String query(String... parameters) {
    String all =
        Stream.concat(Arrays.stream(parameters), Stream.of(pace))
            .filter(parameter -> !parameter.isEmpty())
            .collect(Collectors.joining("&"));
    return all.isEmpty() ? all : "?" + all;
  }

  private Done done(HttpResponse<String> answer) {
    return new Done(accepted(answer), answer.headers().firstValue("x-penstock-rollout"));
  }

  private Planned planned(HttpResponse<String> answer) {
    return new Planned(accepted(answer), answer.headers().firstValue("ETag").orElse("*"));
  }

  /** One segment of a path. */
  public static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address + "/api/v1/" + path))
        .timeout(PATIENCE)
        .header("Accept", "application/json, application/problem+json")
        .header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest request) {
    return send(request, BodyHandlers.ofString());
  }

  private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> body) {
    try {
      return http.send(request, body);
    } catch (IOException e) {
      throw CommandFailure.failed(
          "the control plane at %s does not answer (%s)."
              .formatted(address, e.getClass().getSimpleName()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted");
    }
  }

  private JsonNode accepted(HttpResponse<String> answer) {
    JsonNode body = parsed(answer.body());
    if (answer.statusCode() >= 300) {
      throw refused(answer.statusCode(), body);
    }
    return body;
  }

  private RuntimeException refused(int status, JsonNode problem) {
    return status == 401 || status == 403
        ? CommandFailure.configuration(
            "the control plane at %s refuses the token of PENSTOCK_ADMIN_TOKEN (%d)."
                .formatted(address, status))
        : new AdminProblem(status, problem);
  }

  private static JsonNode parsed(String body) {
    if (body.isBlank()) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance(); // a proxy's page, say; the status tells enough
    }
  }
}
