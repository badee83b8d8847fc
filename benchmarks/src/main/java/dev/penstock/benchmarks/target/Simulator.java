package dev.penstock.benchmarks.target;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** The provider that answers behind every target. */
public record Simulator(URI url, List<Long> processes) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public Simulator {
    processes = List.copyOf(processes);
  }

  /** Forgets the calls of before, so that {@link #bytesTaken} speaks of what comes. */
  public void forget() {
    send(HttpRequest.newBuilder(url.resolve("/_sim/invoice")).DELETE());
  }

  /** Body bytes that were written to connections for this model's calls, read or not. */
  public long bytesTaken(String model) {
    JsonNode invoice =
        send(HttpRequest.newBuilder(url.resolve("/_sim/invoice?model=" + model)).GET());
    long bytes = 0;
    for (JsonNode call : invoice.path("calls")) {
      bytes += call.path("bytesSent").asLong();
    }
    return bytes;
  }

  private static JsonNode send(HttpRequest.Builder request) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return JSON.readTree(http.send(request.build(), BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException("the simulator does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
