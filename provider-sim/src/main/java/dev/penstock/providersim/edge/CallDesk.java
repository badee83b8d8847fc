package dev.penstock.providersim.edge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.chat.ChatCall;
import dev.penstock.providersim.chat.ErrorShape;
import dev.penstock.providersim.invoice.CallEntry;
import dev.penstock.providersim.invoice.Invoice;
import dev.penstock.providersim.invoice.Outcome;
import dev.penstock.providersim.invoice.Tariff;
import dev.penstock.providersim.play.ScriptPlayer;
import dev.penstock.providersim.play.Wire;
import dev.penstock.providersim.refuse.BodyCheck;
import dev.penstock.providersim.refuse.CredentialCheck;
import dev.penstock.providersim.refuse.HeaderCheck;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.script.Script;
import dev.penstock.providersim.script.ScriptBook;
import dev.penstock.providersim.script.Step;
import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The provider's public door: everything that is not under {@code /_sim/}. */
final class CallDesk {
  private static final Logger LOG = Logger.getLogger(CallDesk.class.getName());
  private static final String CHAT = "/v1/chat/completions";
  private static final String MODELS = "/v1/models";
  private static final long MOST_WHOLE_TEXT_BYTES = 16 << 20;

  private final ScriptBook scripts;
  private final Invoice invoice;
  private final CredentialCheck credentials;

  CallDesk(ScriptBook scripts, Invoice invoice, CredentialCheck credentials) {
    this.scripts = scripts;
    this.invoice = invoice;
    this.credentials = credentials;
  }

  void handle(HttpServerRequest request) {
    CallEntry entry =
        invoice.open(
            protocol(request.path()),
            request.method().name(),
            String.valueOf(request.path()),
            headerNames(request));
    Wire wire = new Wire(request, entry);
    BodyCollector.collect(request)
        .map(body -> {
          invoice.keepBody(entry, body.toString(StandardCharsets.UTF_8));
          answer(request, body, entry, wire);
          return body;
        })
        .onFailure(cause -> failed(cause, entry, wire));
  }

  private static void failed(Throwable cause, CallEntry entry, Wire wire) {
    if (cause instanceof Rejection rejection) {
      refuse(rejection, entry, wire);
      return;
    }
    LOG.log(Level.SEVERE, "call failed", cause);
    wire.answer(500, "application/json", ErrorShape.ofStatus(500).json(), Outcome.FAILED);
  }

  private void answer(HttpServerRequest request, Buffer body, CallEntry entry, Wire wire) {
    try {
      String path = String.valueOf(request.path());
      checkDoor(request, path);
      if (path.equals(CHAT)) {
        play(request, BodyCheck.read(body.getBytes()), entry, wire);
        return;
      }
      wire.answer(200, "application/json", models(path), Outcome.COMPLETE);
    } catch (Rejection rejection) {
      refuse(rejection, entry, wire);
    }
  }

  /** In this order, so that a leak is named even when the credentials are wrong as well. */
  private void checkDoor(HttpServerRequest request, String path) throws Rejection {
    String method = request.method().name();
    if (protocol(path) == null) {
      throw Rejection.unknownPath(method, path);
    }
    if (!method.equals(path.equals(CHAT) ? "POST" : "GET")) {
      throw Rejection.wrongMethod(method, path);
    }
    HeaderCheck.check(request.headers());
    credentials.check(request.headers());
    if (path.equals(CHAT)) {
      HeaderCheck.checkJson(request.getHeader("content-type"));
    }
  }

  private void play(HttpServerRequest request, ChatCall call, CallEntry entry, Wire wire)
      throws Rejection {
    Script script =
        scripts.find(call.model()).orElseThrow(() -> Rejection.unknownModel(call.model()));
    if (call.delivery() instanceof ChatCall.Whole && textBytes(script) > MOST_WHOLE_TEXT_BYTES) {
      throw Rejection.answerTooLarge(MOST_WHOLE_TEXT_BYTES);
    }
    Script.Claim claim = script.claim();
    @Nullable Long claimed = claim.promptTokens();
    Tariff tariff =
        new Tariff(
            script.prices(),
            claimed == null ? call.promptTokens() : claimed.longValue(),
            claim.cachedTokens(),
            claim.completionTokens());
    entry.accepted(call.model(), call.delivery() instanceof ChatCall.Streamed, tariff);
    new ScriptPlayer(script, call, tariff, entry, wire, loop(request)).start();
  }

  private static long textBytes(Script script) {
    return script.steps().stream()
        .mapToLong(step -> step instanceof Step.Text text ? (long) text.chunks() * text.size() : 0)
        .sum();
  }

  private static EventLoop loop(HttpServerRequest request) {
    ContextInternal context = ((HttpServerRequestInternal) request).context();
    return context.nettyEventLoop();
  }

  private Buffer models(String path) throws Rejection {
    if (!path.equals(MODELS)) {
      String name = Paths.decode(path.substring(MODELS.length() + 1));
      if (scripts.find(name).isEmpty()) {
        throw Rejection.unknownModel(name);
      }
      return Buffer.buffer(model(name).toString());
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    scripts.names().forEach(name -> data.add(model(name)));
    return Buffer.buffer(list.toString());
  }

  private static ObjectNode model(String name) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", name)
        .put("object", "model")
        .put("created", 1_700_000_000)
        .put("owned_by", "penstock-provider-sim");
  }

  private static void refuse(Rejection rejection, CallEntry entry, Wire wire) {
    entry.rejected(rejection.reason());
    wire.answer(rejection.status(), "application/json", rejection.error().json(), Outcome.REJECTED);
  }

  private static @Nullable String protocol(@Nullable String path) {
    if (CHAT.equals(path)) {
      return "openai-chat";
    }
    return MODELS.equals(path) || (path != null && path.startsWith(MODELS + "/"))
        ? "openai-models"
        : null;
  }

  private static List<String> headerNames(HttpServerRequest request) {
    return request.headers().entries().stream()
        .map(header -> header.getKey().toLowerCase(Locale.ROOT))
        .distinct()
        .toList();
  }
}
