package dev.penstock.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** The provider: what it was asked, what it sent, and what it charges. */
public final class Simulator {
  private final URI address;

  Simulator(URI address) {
    this.address = address;
  }

  /** Teaches it a model by its steps. */
  public void script(String model, String json) {
    put("/_sim/scripts/" + model, json);
  }

  /** Makes these the credentials that it takes, and no others. */
  public void accept(String... apiKeys) {
    put("/_sim/api-keys", "[\"" + String.join("\",\"", apiKeys) + "\"]");
  }

  private void put(String path, String json) {
    HttpResponse<String> answer =
        Http.send(
            HttpRequest.newBuilder(address.resolve(path))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(json))
                .build());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
  }

  /** From where the invoice of what comes now begins. */
  public long mark() {
    return invoice("since=" + Long.MAX_VALUE).path("nextIndex").asLong();
  }

  /** The calls for this model since the mark. */
  public List<JsonNode> calls(String model, long since) {
    List<JsonNode> calls = new ArrayList<>();
    invoice("model=" + model + "&since=" + since).path("calls").forEach(calls::add);
    return calls;
  }

  public long billedNanoUsd(String model, long since) {
    return invoice("model=" + model + "&since=" + since).path("billedNanoUsd").asLong();
  }

  /** What this model's calls cost from now on, however many they are. */
  public LongInvoice longInvoice(String model) {
    return new LongInvoice(model, mark());
  }

  /** Read in steps, as the simulator forgets the oldest of many calls. */
  public final class LongInvoice {
    private final String model;
    private long next;
    private long nanoUsd;

    private LongInvoice(String model, long next) {
      this.model = model;
      this.next = next;
    }

    /** Adds what has ended since; to be called before there are thousands. */
    public void read() {
      JsonNode page = invoice("since=" + next);
      next = page.path("nextIndex").asLong();
      for (JsonNode call : page.path("calls")) {
        if (call.path("outcome").asText().equals("open")) {
          next = call.path("index").asLong(); // and what comes after it, the next time
          return;
        }
        if (call.path("model").asText().equals(model)) {
          nanoUsd = Math.addExact(nanoUsd, call.path("billedNanoUsd").asLong());
        }
      }
    }

    /** The sum of what has been read. */
    public long nanoUsd() {
      return nanoUsd;
    }
  }

  private JsonNode invoice(String query) {
    HttpResponse<String> answer =
        Http.send(HttpRequest.newBuilder(address.resolve("/_sim/invoice?" + query)).GET().build());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.parse(answer.body());
  }
}
