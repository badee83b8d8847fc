package dev.penstock.providersim.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.penstock.providersim.dialect.Paths;
import dev.penstock.providersim.invoice.Invoice;
import dev.penstock.providersim.refuse.CredentialCheck;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.script.BadScript;
import dev.penstock.providersim.script.ScriptBook;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The test's own door, under {@code /_sim/}: scripts and good upstream keys in, invoice out. Asks
 * for no credentials.
 */
final class ControlDesk {
  private static final Logger LOG = Logger.getLogger(ControlDesk.class.getName());
  static final String PREFIX = "/_sim/";
  private static final String SCRIPT = PREFIX + "scripts/";

  private static final Said BAD_KEYS =
      Said.wrong(400, "api-keys: (expected: a non-empty array of upstream keys)");

  private final ObjectMapper json = JsonMapper.builder().build();
  private final ScriptBook scripts;
  private final Invoice invoice;
  private final CredentialCheck credentials;

  ControlDesk(ScriptBook scripts, Invoice invoice, CredentialCheck credentials) {
    this.scripts = scripts;
    this.invoice = invoice;
    this.credentials = credentials;
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
      return Said.wrong(413, String.valueOf(tooLarge.getMessage()));
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
      case "PUT /_sim/api-keys" -> apiKeys(body);
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

  /** What is wrong is not repeated: it may be a key. */
  private Said apiKeys(Buffer body) {
    JsonNode list;
    try {
      list = json.readTree(body.getBytes());
    } catch (IOException notJson) {
      return BAD_KEYS;
    }
    Set<String> keys = new HashSet<>();
    for (JsonNode key : list) {
      keys.add(key.asText());
    }
    if (!list.isArray() || keys.isEmpty() || keys.stream().anyMatch(ControlDesk::isNoKey)) {
      return BAD_KEYS;
    }
    credentials.accept(keys);
    return Said.nothing();
  }

  /** JSON's null is the text of that name. */
  private static boolean isNoKey(String text) {
    return text.isBlank() || text.equals("null");
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
