package dev.penstock.uiapi.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.uiapi.ConsoleConfig;
import dev.penstock.uiapi.problem.Problem;
import dev.penstock.uiapi.signin.SignedIn;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** The admin API, called as whoever is signed in. Never blocks; never tells anybody the token. */
@Singleton
public class AdminApi {

  private static final Logger LOG = Logger.getLogger(AdminApi.class);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int CONNECT_MILLIS = 2_000;
  private static final int UNAUTHORIZED = 401;
  private static final int BAD_GATEWAY = 502;

  /** Of RFC 9470, in {@code WWW-Authenticate}. */
  private static final String STEP_UP = "insufficient_user_authentication";

  private static final Pattern ACR = Pattern.compile("acr_values=\"([^\"]*)\"");
  private static final Pattern MAX_AGE = Pattern.compile("max_age=\"?([0-9]*)");

  private final URI address;
  private final SignedIn signedIn;
  private final WebClient client;
  private final ObjectMapper json;

  AdminApi(ConsoleConfig config, SignedIn signedIn, Vertx vertx, ObjectMapper json) {
    this.address = config.adminUrl();
    this.signedIn = signedIn;
    this.client = WebClient.create(vertx, new WebClientOptions().setConnectTimeout(CONNECT_MILLIS));
    this.json = json;
  }

  /**
   * A call of the admin API.
   *
   * @param path below {@code /api/v1/}
   * @param headers that go along
   */
  public record Call(
      String method,
      String path,
      Map<String, List<String>> parameters,
      Map<String, String> headers,
      byte[] body) {

    public Call {
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(path, "path");
      parameters = Map.copyOf(parameters);
      headers = Map.copyOf(headers);
    }

    /** A plain look. */
    public static Call get(String path) {
      return new Call("GET", path, Map.of(), Map.of(), new byte[0]);
    }
  }

  /** What it said. */
  public record Answer(int status, Map<String, String> headers, byte[] body) {
    public Answer {
      headers = Map.copyOf(headers);
    }

    public boolean isGood() {
      return status >= 200 && status < 300;
    }
  }

  /** Answers with whatever it says; a refusal for want of a sign-in says how to do that. */
  public Uni<Answer> call(Call call) {
    HttpRequest<Buffer> request =
        client
            .requestAbs(HttpMethod.valueOf(call.method()), address + "/api/v1/" + call.path())
            .timeout(PATIENCE.toMillis())
            .followRedirects(false)
            .bearerTokenAuthentication(signedIn.get().accessToken());
    call.parameters()
        .forEach((name, values) -> values.forEach(v -> request.addQueryParam(name, v)));
    call.headers().forEach(request::putHeader);
    return Uni.createFrom()
        .completionStage(() -> request.sendBuffer(Buffer.buffer(call.body())).toCompletionStage())
        .map(this::answer)
        .onFailure()
        .recoverWithItem(failure -> {
          LOG.warnf("the admin API does not answer: %s", failure.getMessage());
          return problem(
              Problem.of(
                  BAD_GATEWAY,
                  "Admin API unavailable",
                  "the control plane does not answer; requests through the gateway go on without it"));
        });
  }

  private Answer answer(HttpResponse<Buffer> response) {
    if (response.statusCode() == UNAUTHORIZED) {
      return problem(
          challenge(Objects.requireNonNullElse(response.getHeader("WWW-Authenticate"), "")));
    }
    Map<String, String> headers = new java.util.HashMap<>();
    for (String name : List.of("Content-Type", "ETag")) {
      String value = response.getHeader(name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    Buffer body = response.bodyAsBuffer();
    return new Answer(response.statusCode(), headers, body == null ? new byte[0] : body.getBytes());
  }

  private static Problem challenge(String header) {
    if (!header.contains(STEP_UP)) {
      return Problem.notSignedIn();
    }
    return Problem.stepUp(group(ACR, header), group(MAX_AGE, header));
  }

  private static String group(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? found.group(1) : "";
  }

  private Answer problem(Problem problem) {
    try {
      return new Answer(
          problem.status(),
          Map.of("Content-Type", Problem.MEDIA_TYPE),
          json.writeValueAsBytes(problem));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The body of a good answer. */
  public JsonNode read(Answer answer) {
    try {
      return json.readTree(new String(answer.body(), java.nio.charset.StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the admin API answered with something else than JSON", e);
    }
  }

  /** An answer as it came. */
  public static Response pass(Answer answer) {
    Response.ResponseBuilder response = Response.status(answer.status());
    answer.headers().forEach(response::header);
    return (answer.body().length == 0 ? response : response.entity(answer.body())).build();
  }
}
