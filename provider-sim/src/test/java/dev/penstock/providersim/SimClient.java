package dev.penstock.providersim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/** A client that reads whole answers, and takes them apart into JSON and events. */
final class SimClient {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final ProviderSim sim;

  SimClient(ProviderSim sim) {
    this.sim = sim;
  }

  /** One event; without a name, or without data that is JSON, these are empty. */
  record Event(String name, JsonNode data) {}

  /** A whole answer. */
  record Answered(int status, HttpHeaders headers, String body) {
    JsonNode json() {
      return SimClient.json(body);
    }

    /** All events but {@code [DONE]}. */
    List<Event> events() {
      List<Event> events = new ArrayList<>();
      for (String block : body.split("\n\n", -1)) {
        String name = "";
        for (String line : block.split("\n", -1)) {
          if (line.startsWith("event: ")) {
            name = line.substring("event: ".length());
          } else if (line.startsWith("data: {")) {
            events.add(new Event(name, SimClient.json(line.substring("data: ".length()))));
          }
        }
      }
      return events;
    }

    List<String> names() {
      return events().stream().map(Event::name).toList();
    }

    /** All texts at this place of the events, joined. */
    String joined(String pointer) {
      StringBuilder all = new StringBuilder();
      events().forEach(event -> all.append(event.data().at(pointer).asText("")));
      return all.toString();
    }
  }

  /** Asks with the right key as bearer; each extra header is a name and a value. */
  Answered post(String path, String body, String... headers) {
    return send(
        HttpRequest.newBuilder()
            .header("authorization", "Bearer " + RawClient.KEY)
            .POST(BodyPublishers.ofString(body)),
        path,
        headers);
  }

  /** Asks without a key, unless it is among the headers. */
  Answered postAs(String path, String body, String... headers) {
    return send(HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)), path, headers);
  }

  Answered get(String path, String... headers) {
    return send(HttpRequest.newBuilder().GET(), path, headers);
  }

  private Answered send(HttpRequest.Builder request, String path, String... headers) {
    request.uri(URI.create("http://127.0.0.1:" + sim.port() + path));
    request.header("content-type", "application/json").version(HttpClient.Version.HTTP_1_1);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<String> answer = HTTP.send(request.build(), BodyHandlers.ofString());
      return new Answered(answer.statusCode(), answer.headers(), answer.body());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException notJson) {
      throw new IllegalArgumentException("not JSON: " + text, notJson);
    }
  }
}
