package dev.penstock.cli.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers what it was told to, wants one token, and keeps what it was sent. */
public final class ScriptedAdmin implements AutoCloseable {
  private static final String TOKEN = "the-token";

  private final HttpServer server;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, Answer> answers = new HashMap<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private record Answer(int status, String body) {}

  private String rollout = "";

  public ScriptedAdmin() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** Sets the answer to, say, {@code GET /api/v1/tenants?cursor=2}. */
  public ScriptedAdmin answers(String request, int status, String body) {
    answers.put(request, new Answer(status, body));
    return this;
  }

  /** Says with every answer that a write goes out with this rollout. */
  public ScriptedAdmin inRollout(String first) {
    rollout = first;
    return this;
  }

  public AdminClient client() {
    return client(TOKEN);
  }

  public AdminClient client(String token) {
    return new AdminClient(
        http, URI.create("http://127.0.0.1:" + server.getAddress().getPort()), token);
  }

  public List<String> bodies() {
    return bodies;
  }

  /** What was asked, with the {@code If-Match} behind it if there was one. */
  public List<String> requests() {
    return requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String tag = exchange.getRequestHeaders().getFirst("If-Match");
    requests.add(tag == null ? request : request + " if " + tag);
    boolean known =
        ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    Answer answer =
        known
            ? answers.getOrDefault(request, new Answer(404, "{\"title\":\"Not found\"}"))
            : new Answer(401, "");
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.getResponseHeaders().set("ETag", "\"tag-" + requests.size() + "\"");
    if (!rollout.isEmpty()) {
      exchange.getResponseHeaders().set("x-penstock-rollout", rollout);
    }
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
