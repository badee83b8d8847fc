package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/** A parameter that is {@code true} or {@code false}; not set where it is absent. */
final class Flag {

  private Flag() {}

  static boolean isSet(String parameter, @Nullable String text) {
    if (text != null && !text.equals("true") && !text.equals("false")) {
      throw ProblemException.badRequest(parameter, "expected true or false");
    }
    return "true".equals(text);
  }
}
