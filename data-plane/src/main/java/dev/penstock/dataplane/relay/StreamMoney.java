package dev.penstock.dataplane.relay;

import dev.penstock.dataplane.budget.BudgetDesk;
import dev.penstock.dataplane.budget.Extension;
import dev.penstock.dataplane.budget.Extension.Granted;
import dev.penstock.dataplane.budget.Extension.Refused;
import dev.penstock.dataplane.budget.Extension.Unanswered;
import dev.penstock.dataplane.budget.Growth;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Stage.Funded;
import dev.penstock.dataplane.meter.TokenMeter;
import org.jspecify.annotations.Nullable;

/**
 * The money of one stream that is held part by part: asks for more before what is held is used up,
 * and has the stream cut where there is none. Between two reads it costs one comparison. Owned by
 * the exchange's event loop.
 */
final class StreamMoney {

  /** What becomes of the stream. */
  interface Stream {

    /** So much has come that nothing more may be read before there is an answer. */
    void waitForMoney();

    void goOnWithMoney();

    void cutForMoney(Refusal refusal);

    void fault(Throwable fault);
  }

  private final BudgetDesk budgets;
  private final Funded funded;
  private final TokenMeter meter;
  private final Stream stream;
  private final @Nullable Growth growth;
  private long actAt;
  private boolean asking;
  private boolean waiting;

  StreamMoney(BudgetDesk budgets, Funded funded, TokenMeter meter, Stream stream) {
    this.budgets = budgets;
    this.funded = funded;
    this.meter = meter;
    this.stream = stream;
    growth = funded.hold().growth().orElse(null);
    actAt = growth == null ? Long.MAX_VALUE : growth.askAt();
  }

  /** After a read. */
  void onRead() {
    if (meter.outputAtMost() >= actAt) {
      act();
    }
  }

  private void act() {
    if (growth == null) {
      return;
    }
    if (asking) {
      waiting = true;
      actAt = Long.MAX_VALUE;
      stream.waitForMoney();
      return;
    }
    asking = true;
    actAt = growth.stopAt();
    budgets
        .extend(funded, meter.outputAtMost(), meter.outputSoFar())
        .onComplete(this::onAnswer, this::onFailure);
  }

  private void onAnswer(Extension answer) {
    asking = false;
    switch (answer) {
      case Granted _ -> goOn();
      case Refused(Refusal refusal) -> stream.cutForMoney(refusal);
      case Unanswered(Refusal refusal) -> onSilence(refusal);
    }
  }

  private void goOn() {
    if (growth != null) {
      actAt = growth.askAt();
    }
    if (waiting) {
      waiting = false;
      stream.goOnWithMoney();
    }
  }

  /** The control plane may be back before what is held is used up: once more is asked for then. */
  private void onSilence(Refusal refusal) {
    if (growth == null || waiting || meter.outputAtMost() >= growth.stopAt()) {
      stream.cutForMoney(refusal);
    } else {
      actAt = growth.stopAt();
    }
  }

  private void onFailure(Throwable failure) {
    stream.fault(failure);
  }
}
