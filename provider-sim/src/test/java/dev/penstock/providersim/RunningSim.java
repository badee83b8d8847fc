package dev.penstock.providersim;

import dev.penstock.providersim.SimClient.Answered;
import dev.penstock.providersim.invoice.BilledCall;
import dev.penstock.providersim.invoice.Invoice;
import dev.penstock.providersim.script.ScriptBook;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One simulator for all tests of a class, with empty books before each. */
final class RunningSim implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
  private @Nullable ProviderSim running;

  @Override
  public void beforeAll(ExtensionContext context) {
    running = ProviderSim.start(SimSettings.onAnyPort(RawClient.KEY));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    invoice().clear();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    sim().close();
  }

  ProviderSim sim() {
    ProviderSim sim = running;
    if (sim == null) {
      throw new IllegalStateException("started before the first test");
    }
    return sim;
  }

  ScriptBook scripts() {
    return sim().scripts();
  }

  Invoice invoice() {
    return sim().invoice();
  }

  BilledCall firstCall() {
    return invoice().calls().getFirst();
  }

  /** As {@link SimClient#post}. */
  Answered post(String path, String body, String... headers) {
    return new SimClient(sim()).post(path, body, headers);
  }

  /** As {@link SimClient#postAs}. */
  Answered postAs(String path, String body, String... headers) {
    return new SimClient(sim()).postAs(path, body, headers);
  }

  Answered get(String path, String... headers) {
    return new SimClient(sim()).get(path, headers);
  }
}
