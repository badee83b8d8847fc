package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.dataplane.guard.ExternalAnswer.Found;
import dev.penstock.dataplane.guard.ExternalAnswer.NoVerdict;
import dev.penstock.dataplane.guard.ExternalAnswer.Pass;
import dev.penstock.dataplane.guard.Finding.Effect;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.OnFailure;
import java.util.Optional;

/**
 * What becomes of a request by what an external guard has said.
 *
 * @param index the detector's place in the guard
 */
record ExternalVerdict(BoundGuard guard, int index, Detector.Http detector, ExternalAnswer answer) {

  /** How metrics call what has not been said. */
  private static final String NO_VERDICT = "no_verdict";

  /** None where the request goes on as if nobody had been asked. */
  Optional<Effect> effect() {
    boolean observed = guard.ref().observed();
    return switch (answer) {
      case Pass pass -> Optional.empty();
      case Found found -> Optional.of(Effect.of(detector.action(), observed, true));
      case NoVerdict none ->
          detector.onFailure() == OnFailure.BLOCK
              ? Optional.of(Effect.of(Action.BLOCK, observed, true))
              : Optional.empty();
    };
  }

  boolean isDenial() {
    return effect().filter(Effect::isDenial).isPresent();
  }

  boolean wouldDeny() {
    return effect().filter(each -> each == Effect.WOULD_BLOCK).isPresent();
  }

  /** As metrics have it; empty where there is nothing to count. */
  Optional<String> label() {
    return switch (answer) {
      case Pass pass -> Optional.empty();
      case Found found -> effect().map(Effect::label);
      case NoVerdict none -> Optional.of(NO_VERDICT);
    };
  }

  /** As the record has it. */
  String reason() {
    String becomes = effect().map(Effect::word).orElse("goes on");
    String said =
        switch (answer) {
          case Pass pass -> "http: pass";
          case Found found -> found.rule() + ": " + becomes + ", as the external guard says";
          case NoVerdict none -> "http: no verdict (" + none.why() + "), " + becomes;
        };
    return "guard %s detectors[%d] %s".formatted(guard.ref().label(), index, said);
  }

  /** Says no in its name. */
  RefusedException refused() {
    String why =
        switch (answer) {
          case Found found ->
              "the external guard of its detector %d found something (%s); take it out and send the request again"
                  .formatted(index, found.rule());
          case NoVerdict none ->
              "the external guard of its detector %d gave no verdict; try again later"
                  .formatted(index);
          case Pass pass -> "";
        };
    return Refusal.of(
            Code.GUARD_BLOCKED,
            "The guard %s does not let this request pass: %s.".formatted(guard.ref().label(), why))
        .toException();
  }
}
