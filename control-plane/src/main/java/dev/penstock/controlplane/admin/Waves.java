package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.identity.Action;
import dev.penstock.controlplane.identity.CurrentCaller;
import dev.penstock.controlplane.identity.Gate;
import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.rollout.Pace;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads how a write is to reach the nodes. Waves concern everybody's writes while they last, so
 * whoever asks for them must be allowed to start a rollout.
 */
@Singleton
class Waves {

  private static final String PARAMETER = "rollout";
  private static final String AREA = "rollouts";

  private final CurrentCaller caller;
  private final Gate gate;

  Waves(CurrentCaller caller, Gate gate) {
    this.caller = caller;
    this.gate = gate;
  }

  Pace read(@Nullable String rollout) {
    if (rollout == null || rollout.equals("all")) {
      return Pace.AT_ONCE;
    }
    if (!rollout.equals("waves")) {
      throw ProblemException.badRequest(PARAMETER, "expected all or waves");
    }
    gate.require(caller.get(), AREA, Action.WRITE, Optional.empty(), PARAMETER);
    return Pace.WAVES;
  }

  /** What tells two requests with the same key apart. */
  static String text(Pace pace) {
    return pace == Pace.WAVES ? " in waves" : "";
  }
}
