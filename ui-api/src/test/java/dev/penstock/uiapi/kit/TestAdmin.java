package dev.penstock.uiapi.kit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Something at the admin API's address that tells what reached it. What the admin API itself
 * answers is tested with the admin API; here it is which calls get there, and with what.
 */
public final class TestAdmin implements AutoCloseable {

  /** Demands a fresh, strong login, as the admin API does of what destroys. */
  public static final String STEP_UP = "/api/v1/tenants/acme-health/api-keys/precious";

  private final HttpServer server;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();

  /** A call that arrived. */
  public record Seen(
      String method, String address, Optional<String> token, Optional<String> ifMatch) {}

  public TestAdmin() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  public void forget() {
    seen.clear();
  }

  private void answer(HttpExchange http) throws IOException {
    seen.add(
        new Seen(
            http.getRequestMethod(),
            http.getRequestURI().toString(),
            Optional.ofNullable(http.getRequestHeaders().getFirst("Authorization")),
            Optional.ofNullable(http.getRequestHeaders().getFirst("If-Match"))));
    String path = http.getRequestURI().getPath();
    if (path.equals(STEP_UP) && http.getRequestMethod().equals("DELETE")) {
      http.getResponseHeaders()
          .add(
              "WWW-Authenticate",
              "Bearer error=\"insufficient_user_authentication\", error_description=\"x\","
                  + " acr_values=\"step-up\", max_age=\"300\"");
      send(http, 401, "{\"title\": \"Step-up required\"}");
      return;
    }
    http.getResponseHeaders().add("ETag", "\"state\"");
    http.getResponseHeaders().add("X-Internal", "not for browsers");
    send(
        http,
        200,
        path.endsWith("/whoami")
            ? "{\"name\": \"hanna\", \"roles\": [], \"may\": {}, \"tenants\":"
                + " [{\"tenant\": \"acme-health\", \"roles\": [\"tenant-admin\"], \"may\": {}}]}"
            : "{\"path\": \"" + path + "\"}");
  }

  private static void send(HttpExchange http, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    http.getResponseHeaders().add("Content-Type", "application/json");
    http.sendResponseHeaders(status, body.length);
    http.getResponseBody().write(body);
    http.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
