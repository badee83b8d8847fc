package dev.penstock.uiapi.kit;

import java.io.IOException;
import java.net.CookieHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Cookies and redirects, as a browser has them, and every answer that it got on its way. */
public final class Browser {

  private final URI root;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private final List<HttpResponse<String>> answers = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new Kept())
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  public Browser(URI root) {
    this.root = root;
  }

  private final class Kept extends CookieHandler {
    @Override
    public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
      return cookies.isEmpty()
          ? Map.of()
          : Map.of(
              "Cookie",
              List.of(
                  cookies.entrySet().stream()
                      .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                      .collect(Collectors.joining("; "))));
    }

    @Override
    public void put(URI uri, Map<String, List<String>> headers) {
      headers.forEach((name, values) -> {
        if ("set-cookie".equalsIgnoreCase(name)) {
          values.forEach(this::keep);
        }
      });
    }

    private void keep(String value) {
      String[] pair = value.split(";", 2)[0].split("=", 2);
      if (value.contains("Max-Age=0")) {
        cookies.remove(pair[0]);
      } else {
        cookies.put(pair[0], pair[1]);
      }
    }
  }

  /** Where the redirects end that begin at a path. */
  public HttpResponse<String> open(String path) {
    HttpResponse<String> answer = send(HttpRequest.newBuilder(root.resolve(path)));
    for (int hop = 0; hop < 8 && answer.statusCode() / 100 == 3; hop++) {
      String location = answer.headers().firstValue("Location").orElseThrow();
      answer = send(HttpRequest.newBuilder(reached(answer.uri().resolve(location))));
    }
    return answer;
  }

  /** TLS, where there is any, ends before the console. */
  private URI reached(URI address) {
    return root.getAuthority().equals(address.getAuthority())
        ? root.resolve(address.toString().replaceFirst("^https?://[^/]*", ""))
        : address;
  }

  /** As a script of a page does it. */
  public HttpResponse<String> fetch(String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(root.resolve(path))
            .header("X-Requested-With", "JavaScript")
            .method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      answers.add(answer);
      return answer;
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  public Map<String, String> cookies() {
    return Map.copyOf(cookies);
  }

  public List<HttpResponse<String>> answers() {
    return List.copyOf(answers);
  }
}
