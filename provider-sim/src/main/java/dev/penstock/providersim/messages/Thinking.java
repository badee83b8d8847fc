package dev.penstock.providersim.messages;

import dev.penstock.providersim.refuse.Rejection;
import dev.penstock.providersim.refuse.RequestFields;
import java.util.Set;

/** Whether the model was asked to think. */
enum Thinking {
  OFF,
  ON;

  private static final long LEAST_BUDGET = 1_024;
  private static final Set<String> TYPES =
      Set.of("enabled", "adaptive", "disabled", "between_tools");

  static Thinking of(RequestFields request) throws Rejection {
    if (!request.has("thinking")) {
      return OFF;
    }
    RequestFields thinking =
        request.needObject("thinking").onlyKnown(Set.of("type", "budget_tokens", "display"));
    thinking.mayBeOneOf("display", Set.of("summarized", "omitted"));
    String type = thinking.needOneOf("type", TYPES);
    boolean enabled = type.equals("enabled");
    if (!enabled && thinking.has("budget_tokens")) {
      throw thinking.unknown("budget_tokens");
    }
    if (enabled && thinking.whole("budget_tokens", LEAST_BUDGET, Integer.MAX_VALUE).isEmpty()) {
      throw thinking.missing("budget_tokens");
    }
    return enabled || type.equals("adaptive") ? ON : OFF;
  }

  /** A budget for thoughts has to leave room for an answer. */
  void checkBudget(RequestFields request, long maxTokens) throws Rejection {
    long budget = request.node("thinking").path("budget_tokens").asLong(-1);
    if (this == ON && budget >= maxTokens) {
      throw Rejection.badRequest(
          "`max_tokens` must be greater than `thinking.budget_tokens`", "max_tokens", null);
    }
  }
}
