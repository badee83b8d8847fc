package dev.penstock.it.kit;

import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The installation of the ordinary tests, started for the first of them. Nobody kills anything in
 * it. Its node in the US loses patience with providers early.
 */
public final class SharedStack implements ParameterResolver {
  static final String NAME = "shared";

  private static final Map<String, Map<String, String>> NODES =
      Map.of(
          PenstockTester.US_NODE,
          Map.of("PENSTOCK_TIMEOUT_IDLE", "2s", "PENSTOCK_TIMEOUT_FIRST_TOKEN", "2s"));

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PenstockTester.class;
  }

  @Override
  public PenstockTester resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Stacks.get(context, NAME, () -> PenstockTester.start(NAME, NODES));
  }
}
