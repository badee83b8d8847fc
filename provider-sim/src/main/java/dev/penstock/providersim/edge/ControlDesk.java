package dev.penstock.providersim.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.penstock.providersim.invoice.Invoice;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.script.BadScript;
import dev.penstock.providersim.script.ScriptBook;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The test's own door, under {@code /_sim/}: scripts in, invoice out. Asks for no credentials. */
final class ControlDesk {
  private static final Logger LOG = Logger.getLogger(ControlDesk.class.getName());
  static final String PREFIX = "/_sim/";
  private static final String SCRIPT = PREFIX + "scripts/";

  private final ObjectMapper json = JsonMapper.builder().build();
  private final ScriptBook scripts;
  private final Invoice invoice;

  ControlDesk(ScriptBook scripts, Invoice invoice) {
    this.scripts = scripts;
    this.invoice = invoice;
  }

  /** What the desk says: a status and, unless there is nothing to say, a document. */
  private record Said(int status, @Nullable Object document) {
    static Said of(Object document) {
      return new Said(200, document);
    }

    static Said nothing() {
      return new Said(204, null);
    }

    static Said wrong(int status, String message) {
      return new Said(status, Map.of("error", message));
    }
  }

  void handle(HttpServerRequest request) {
    BodyCollector.collect(request)
        .map(body -> said(request, body))
        .otherwise(ControlDesk::failed)
        .onSuccess(said -> send(request, said));
  }

  private static Said failed(Throwable cause) {
    if (cause instanceof Rejection tooLarge) {
      return Said.wrong(tooLarge.status(), tooLarge.error().message());
    }
    LOG.log(Level.SEVERE, "control request failed", cause);
    return Said.wrong(500, "a fault of the simulator, see its log");
  }

  private Said said(HttpServerRequest request, Buffer body) {
    String path = String.valueOf(request.path());
    String asked = request.method().name() + " " + path;
    if (path.startsWith(SCRIPT) && path.length() > SCRIPT.length()) {
      return script(request.method().name(), Paths.decode(path.substring(SCRIPT.length())), body);
    }
    return switch (asked) {
      case "GET /_sim/healthz" -> Said.of(Map.of("status", "up"));
      case "GET /_sim/scripts" -> Said.of(scripts.sources());
      case "GET /_sim/invoice" -> invoice(request);
      case "DELETE /_sim/invoice" -> {
        invoice.clear();
        yield Said.nothing();
      }
      default -> Said.wrong(404, "no such thing: " + asked);
    };
  }

  private Said script(String method, String model, Buffer body) {
    return switch (method) {
      case "PUT" -> put(model, body);
      case "GET" -> {
        Optional<JsonNode> source = scripts.source(model);
        yield source.isPresent() ? Said.of(source.get()) : Said.wrong(404, "no script: " + model);
      }
      case "DELETE" ->
          scripts.remove(model) ? Said.nothing() : Said.wrong(404, "no script: " + model);
      default -> Said.wrong(405, "expected PUT, GET or DELETE");
    };
  }

  private Said put(String model, Buffer body) {
    try {
      scripts.put(model, body.toString(StandardCharsets.UTF_8));
      return Said.nothing();
    } catch (BadScript bad) {
      return Said.wrong(400, String.valueOf(bad.getMessage()));
    }
  }

  private Said invoice(HttpServerRequest request) {
    String since = request.getParam("since", "0");
    try {
      return Said.of(invoice.page(request.getParam("model"), Long.parseLong(since)));
    } catch (NumberFormatException notANumber) {
      return Said.wrong(400, "since: " + since + " (expected: an index)");
    }
  }

  private void send(HttpServerRequest request, Said said) {
    request.response().setStatusCode(said.status());
    Object document = said.document();
    if (document == null) {
      request.response().end();
      return;
    }
    request.response().putHeader("content-type", "application/json").end(text(document));
  }

  private String text(Object document) {
    try {
      return json.writeValueAsString(document);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("our own records are JSON", impossible);
    }
  }
}
