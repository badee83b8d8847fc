package dev.penstock.it.kit;

import dev.penstock.cli.installation.NodePlan;
import dev.penstock.cli.up.StackOptions.Sso;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** An installation with a real Keycloak beside it, started for the first test that wants one. */
public final class SsoStack implements ParameterResolver {
  static final String NAME = "single-sign-on";

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == PenstockTester.class;
  }

  @Override
  public PenstockTester resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Stacks.get(context, NAME, SsoStack::start);
  }

  private static PenstockTester start() {
    PenstockTester tester =
        PenstockTester.start(
            NAME, standard -> standard.withNodes(NodePlan.parse("eu-west=1")).withSso(Sso.STARTED));
    try {
      tester.startSso();
      return tester;
    } catch (RuntimeException | AssertionError e) {
      tester.close();
      throw e;
    }
  }
}
