package dev.penstock.dataplane.dialect.anthropic;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning.Level;
import dev.penstock.dataplane.dialect.ModelRequest.ToolChoice;
import dev.penstock.dataplane.dialect.ModelRequest.Turn;
import dev.penstock.dataplane.dialect.Target;
import dev.penstock.dataplane.dialect.Target.Trait;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a model is told how much to think. Newer models take a word for the effort and think as they
 * find right; older ones take a budget of tokens. Thinking is not asked for where the provider
 * would refuse it: beside a tool that must be called, and, with a budget, in the middle of a loop
 * of tools whose earlier thoughts are not there.
 *
 * <p>A budget stays below the limit on output, which the client pays for: at most three quarters of
 * it, and where that leaves less than the provider's minimum of 1,024 tokens there is no thinking.
 *
 * <p>Source: Anthropic documentation, "Extended thinking", "Adaptive thinking", "Effort".
 *
 * @param type of {@code thinking}; empty: not stated
 * @param effort a word of the wire
 */
record ThinkingPlan(Optional<String> type, OptionalLong budget, Optional<String> effort) {

  private static final long MIN_BUDGET = 1024;
  private static final ThinkingPlan UNSTATED =
      new ThinkingPlan(Optional.empty(), OptionalLong.empty(), Optional.empty());

  static ThinkingPlan of(ModelRequest request, Target target, long maxTokens) {
    return switch (request.reasoning()) {
      case Reasoning.Unstated _ -> UNSTATED;
      case Reasoning.Off _ -> typed("disabled", Optional.empty());
      case Reasoning.Adaptive _ -> thinking(request, target, maxTokens, Level.MEDIUM, false);
      case Reasoning.Effort it -> thinking(request, target, maxTokens, it.level(), true);
      case Reasoning.Budget it when target.traits().contains(Trait.THINKS_BY_BUDGET) ->
          budgeted(request, it.tokens(), maxTokens);
      case Reasoning.Budget it -> thinking(request, target, maxTokens, it.level(), true);
    };
  }

  private static ThinkingPlan thinking(
      ModelRequest request, Target target, long maxTokens, Level level, boolean stated) {
    if (target.traits().contains(Trait.THINKS_BY_BUDGET)) {
      return budgeted(request, level.usualTokens(), maxTokens);
    }
    Optional<String> effort = stated ? Optional.of(word(level)) : Optional.empty();
    return mustCall(request.toolChoice())
        ? new ThinkingPlan(Optional.empty(), OptionalLong.empty(), effort)
        : typed("adaptive", effort);
  }

  private static ThinkingPlan typed(String type, Optional<String> effort) {
    return new ThinkingPlan(Optional.of(type), OptionalLong.empty(), effort);
  }

  private static ThinkingPlan budgeted(ModelRequest request, long wanted, long maxTokens) {
    long budget = Math.min(wanted, maxTokens / 4 * 3);
    if (budget < MIN_BUDGET || mustCall(request.toolChoice()) || lacksThoughts(request)) {
      return UNSTATED;
    }
    return new ThinkingPlan(Optional.of("enabled"), OptionalLong.of(budget), Optional.empty());
  }

  private static boolean mustCall(ToolChoice choice) {
    return switch (choice) {
      case ToolChoice.Any _, ToolChoice.Named _ -> true;
      case ToolChoice.Unstated _, ToolChoice.Auto _, ToolChoice.None _ -> false;
    };
  }

  /** Whether the model goes on after results of tools that it called without thoughts we have. */
  private static boolean lacksThoughts(ModelRequest request) {
    if (request.turns().isEmpty() || !(request.turns().getLast() instanceof Turn.ToolResult)) {
      return false;
    }
    for (Turn turn : request.turns().reversed()) {
      if (turn instanceof Turn.Assistant assistant) {
        return assistant.parts().stream().noneMatch(ThinkingPlan::isOwnThought);
      }
    }
    return true;
  }

  /** Whether a part is a thought that Anthropic made and can check. */
  static boolean isOwnThought(Part part) {
    return switch (part) {
      case Part.Thought it ->
          it.madeBy() == Dialect.ANTHROPIC_MESSAGES && !it.signature().isEmpty();
      case Part.EncryptedThought it -> it.madeBy() == Dialect.ANTHROPIC_MESSAGES;
      case Part.Text _,
          Part.ImageData _,
          Part.ImageUrl _,
          Part.Document _,
          Part.Audio _,
          Part.ToolCall _,
          Part.Refusal _ ->
          false;
    };
  }

  private static String word(Level level) {
    return switch (level) {
      case MINIMAL, LOW -> "low";
      case MEDIUM, HIGH, XHIGH, MAX -> level.name().toLowerCase(Locale.ROOT);
    };
  }

  void write(JsonGenerator json) throws IOException {
    if (type.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("thinking");
    json.writeStringField("type", type.get());
    if (budget.isPresent()) {
      json.writeNumberField("budget_tokens", budget.getAsLong());
    }
    json.writeEndObject();
  }
}
