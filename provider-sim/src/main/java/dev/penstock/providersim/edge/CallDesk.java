package dev.penstock.providersim.edge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.dialect.Asked;
import dev.penstock.providersim.dialect.Dialect;
import dev.penstock.providersim.dialect.Head;
import dev.penstock.providersim.dialect.Provider;
import dev.penstock.providersim.invoice.CallEntry;
import dev.penstock.providersim.invoice.Invoice;
import dev.penstock.providersim.invoice.Outcome;
import dev.penstock.providersim.invoice.Tariff;
import dev.penstock.providersim.invoice.Usage;
import dev.penstock.providersim.play.ScriptPlayer;
import dev.penstock.providersim.play.Wire;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.refuse.CredentialCheck;
import dev.penstock.providersim.refuse.HeaderCheck;
import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
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
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The providers' public doors: everything that is not under {@code /_sim/}. */
final class CallDesk {
  private static final Logger LOG = Logger.getLogger(CallDesk.class.getName());
  private static final long MOST_WHOLE_TEXT_BYTES = 16 << 20;

  private final ScriptBook scripts;
  private final Invoice invoice;
  private final CredentialCheck credentials;

  CallDesk(ScriptBook scripts, Invoice invoice, CredentialCheck credentials) {
    this.scripts = scripts;
    this.invoice = invoice;
    this.credentials = credentials;
  }

  /** A call on its way: where it came in, its line on the invoice, and the client's end of it. */
  private record Call(
      HttpServerRequest request, Head head, Optional<Door> door, CallEntry entry, Wire wire) {
    Provider provider() {
      return door.map(Door::provider).orElseGet(() -> Doors.nearest(head));
    }

    void answer(int status, Buffer body, Outcome outcome) {
      wire.answer(status, "application/json", body, outcome);
    }
  }

  void handle(HttpServerRequest request) {
    Head head = new Head(String.valueOf(request.path()), request.params(), request.headers());
    Optional<Door> door = Doors.find(head);
    CallEntry entry =
        invoice.open(
            door.map(Door::protocol).orElse(null),
            request.method().name(),
            head.path(),
            headerNames(request));
    Call call = new Call(request, head, door, entry, new Wire(request, entry));
    call.provider().headers(call.wire().requestId()).forEach(call.wire()::header);
    BodyCollector.collect(request)
        .map(body -> {
          invoice.keepBody(entry, body.toString(StandardCharsets.UTF_8));
          answer(call, body);
          return body;
        })
        .onFailure(cause -> failed(cause, call));
  }

  private static void failed(Throwable cause, Call call) {
    if (cause instanceof Rejection rejection) {
      refuse(rejection, call);
      return;
    }
    LOG.log(Level.SEVERE, "call failed", cause);
    Buffer error = call.provider().error(Complaint.ofStatus(500), call.wire().requestId());
    call.answer(500, error, Outcome.FAILED);
  }

  private void answer(Call call, Buffer body) {
    try {
      Door door = open(call);
      switch (door.work()) {
        case Door.Play play -> play(call, play.dialect(), body);
        case Door.Models models -> document(call, door.provider().models(scripts.names()));
        case Door.Model model -> document(call, model(door.provider(), model.name()));
      }
    } catch (Rejection rejection) {
      refuse(rejection, call);
    }
  }

  /** In this order, so that a leak is named even when the credentials are wrong as well. */
  private Door open(Call call) throws Rejection {
    String method = call.request().method().name();
    String path = call.head().path();
    Door door = call.door().orElse(null);
    if (door == null) {
      throw Rejection.unknownPath(method, path);
    }
    if (!method.equals(door.method())) {
      throw Rejection.wrongMethod(method, path);
    }
    HeaderCheck.check(call.head().headers(), door.provider().keyHeaders());
    credentials.check(call.head().headers(), door.provider().keyHeaders());
    door.provider().checkHead(call.head());
    if (door.work() instanceof Door.Play) {
      HeaderCheck.checkJson(call.head().headers().get("content-type"));
    }
    return door;
  }

  private void play(Call call, Dialect dialect, Buffer body) throws Rejection {
    Asked asked = dialect.read(call.head(), body.getBytes());
    Script script =
        scripts.find(asked.model()).orElseThrow(() -> Rejection.unknownModel(asked.model()));
    refuseFields(script, body);
    if (asked.form() instanceof Asked.Whole && textBytes(script) > MOST_WHOLE_TEXT_BYTES) {
      throw Rejection.answerTooLarge(MOST_WHOLE_TEXT_BYTES);
    }
    Tariff tariff = tariff(dialect, script, asked);
    CallEntry entry = call.entry();
    entry.accepted(asked.model(), asked.form() instanceof Asked.Streamed, tariff);
    new ScriptPlayer(dialect, script, asked, tariff, entry, call.wire(), loop(call.request()))
        .start();
  }

  /** What only this model does not take; the dialect has already said what none takes. */
  private static void refuseFields(Script script, Buffer body) throws Rejection {
    if (script.refuses().isEmpty()) {
      return;
    }
    RequestFields request = RequestFields.parse(body.getBytes());
    for (String name : script.refuses()) {
      if (request.has(name)) {
        throw Rejection.unsupported(name);
      }
    }
  }

  private static Tariff tariff(Dialect dialect, Script script, Asked asked) {
    Script.Claim claim = script.claim();
    @Nullable Usage claimed = claim.prompt();
    return new Tariff(
        dialect.charges(script.prices()),
        claimed == null ? new Usage(asked.promptTokens(), 0, 0) : claimed,
        claim.completionTokens(),
        claim.reasoningTokens());
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

  private JsonNode model(Provider provider, String name) throws Rejection {
    if (scripts.find(name).isEmpty()) {
      throw Rejection.unknownModel(name);
    }
    return provider.model(name);
  }

  private static void document(Call call, JsonNode json) {
    call.answer(200, Buffer.buffer(json.toString()), Outcome.COMPLETE);
  }

  private static void refuse(Rejection rejection, Call call) {
    call.entry().rejected(rejection.reason());
    Provider provider = call.provider();
    Complaint complaint = rejection.complaint();
    call.answer(
        provider.status(complaint),
        provider.error(complaint, call.wire().requestId()),
        Outcome.REJECTED);
  }

  private static List<String> headerNames(HttpServerRequest request) {
    return request.headers().entries().stream()
        .map(header -> header.getKey().toLowerCase(Locale.ROOT))
        .distinct()
        .toList();
  }
}
