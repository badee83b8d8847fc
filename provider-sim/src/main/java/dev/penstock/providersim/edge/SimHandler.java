package dev.penstock.providersim.edge;

import dev.penstock.providersim.invoice.Invoice;
import dev.penstock.providersim.refuse.CredentialCheck;
import dev.penstock.providersim.script.ScriptBook;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/** The one request handler: the provider's door, or the test's. */
public final class SimHandler implements Handler<HttpServerRequest> {
  private final CallDesk calls;
  private final ControlDesk control;

  public SimHandler(Set<String> apiKeys, ScriptBook scripts, Invoice invoice) {
    CredentialCheck credentials = new CredentialCheck(apiKeys);
    calls = new CallDesk(scripts, invoice, credentials);
    control = new ControlDesk(scripts, invoice, credentials);
  }

  @Override
  public void handle(HttpServerRequest request) {
    String path = request.path();
    if (path != null && path.startsWith(ControlDesk.PREFIX)) {
      control.handle(request);
      return;
    }
    calls.handle(request);
  }
}
