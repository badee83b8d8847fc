package dev.penstock.cli.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/** Whether a process does its job. Asked over and over, so a no is not an error. */
@FunctionalInterface
public interface Readiness {
  Duration PATIENCE = Duration.ofSeconds(2);

  boolean isReady();

  /** The address answers 200. */
  static Readiness of(HttpClient http, URI address) {
    return of(http, address, Map.of(), body -> true);
  }

  /** The address answers 200 to these headers, with a body that is good enough. */
  static Readiness of(
      HttpClient http, URI address, Map<String, String> headers, Predicate<String> body) {
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(PATIENCE);
    headers.forEach(request::header);
    HttpRequest asked = request.build();
    return () -> {
      try {
        var answer = http.send(asked, BodyHandlers.ofString());
        return answer.statusCode() == 200 && body.test(answer.body());
      } catch (IOException e) {
        return false; // nobody listens yet
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    };
  }
}
