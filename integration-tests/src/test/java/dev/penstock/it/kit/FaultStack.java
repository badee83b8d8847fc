package dev.penstock.it.kit;

import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The installation of the tests that kill processes. Each brings back what it has killed, so one is
 * enough for all.
 */
public final class FaultStack implements ParameterResolver {
  static final String NAME = "fault";

  /** Waves that end soon, but wait for nodes that come back late on a machine that is busy. */
  private static final Map<String, Map<String, String>> CONTROL_PLANE =
      Map.of(
          "control-plane",
          Map.of(
              "PENSTOCK_ROLLOUT_CANARY", "3s",
              "PENSTOCK_ROLLOUT_QUARTER", "3s",
              "PENSTOCK_ROLLOUT_PATIENCE", "10m"));

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PenstockTester.class;
  }

  @Override
  public PenstockTester resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Stacks.get(context, NAME, () -> PenstockTester.start(NAME, CONTROL_PLANE));
  }
}
