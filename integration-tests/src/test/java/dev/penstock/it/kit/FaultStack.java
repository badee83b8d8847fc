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

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PenstockTester.class;
  }

  @Override
  public PenstockTester resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Stacks.get(context, NAME, () -> PenstockTester.start(NAME, Map.of()));
  }
}
