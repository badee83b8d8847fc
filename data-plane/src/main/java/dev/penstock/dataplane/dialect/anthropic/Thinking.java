package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.FieldReader;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning.Level;
import java.util.Locale;
import java.util.Optional;

/**
 * How much a request lets a model think: two fields of the wire, {@code thinking} and {@code
 * output_config.effort}, that are one elsewhere. An effort says it, unless thinking is off; a
 * budget says it where there is no effort.
 */
record Thinking(Reasoning reasoning) {

  private static final long MIN_BUDGET = 1024;

  static Thinking read(FieldReader body) {
    Optional<FieldReader> config = body.object("output_config");
    Optional<Level> effort = config.flatMap(Thinking::effort);
    Optional<FieldReader> thinking = body.object("thinking");
    if (thinking.isEmpty()) {
      return new Thinking(effort.<Reasoning>map(Reasoning.Effort::new).orElse(unstated()));
    }
    FieldReader fields = thinking.get();
    Reasoning stated = stated(fields, body);
    if (fields.has("display")) {
      fields.note(Feature.REASONING_DISPLAY, "display");
    }
    fields.noteUnknown();
    if (effort.isEmpty()) {
      return new Thinking(stated);
    }
    return switch (stated) {
      case Reasoning.Off off -> {
        config.ifPresent(it -> it.note(Feature.EFFORT_BESIDE_BUDGET, "effort"));
        yield new Thinking(off);
      }
      case Reasoning.Budget _ -> {
        fields.note(Feature.EFFORT_BESIDE_BUDGET, "budget_tokens");
        yield new Thinking(new Reasoning.Effort(effort.get()));
      }
      case Reasoning.Unstated _, Reasoning.Effort _, Reasoning.Adaptive _ ->
          new Thinking(new Reasoning.Effort(effort.get()));
    };
  }

  private static Reasoning unstated() {
    return new Reasoning.Unstated();
  }

  private static Optional<Level> effort(FieldReader config) {
    return config
        .text("effort")
        .map(word ->
            switch (word) {
              case "low", "medium", "high", "xhigh", "max" ->
                  Level.valueOf(word.toUpperCase(Locale.ROOT));
              default -> throw config.wrong("effort", "must be low, medium, high, xhigh or max");
            });
  }

  private static Reasoning stated(FieldReader fields, FieldReader body) {
    String type = fields.requiredText("type");
    return switch (type) {
      case "enabled" -> budget(fields, body);
      case "adaptive" -> new Reasoning.Adaptive();
      case "disabled" -> new Reasoning.Off();
      case "between_tools" -> {
        fields.note(Feature.UNKNOWN_FIELD, "type");
        yield new Reasoning.Adaptive();
      }
      default -> throw fields.wrong("type", "must be enabled, adaptive, disabled or between_tools");
    };
  }

  private static Reasoning budget(FieldReader fields, FieldReader body) {
    long tokens =
        fields
            .whole("budget_tokens", MIN_BUDGET, Integer.MAX_VALUE)
            .orElseThrow(() -> fields.wrong("budget_tokens", "is missing"));
    body.whole("max_tokens", 0, Integer.MAX_VALUE)
        .ifPresent(max -> {
          if (tokens >= max) {
            throw fields.wrong("budget_tokens", "must be less than max_tokens");
          }
        });
    return new Reasoning.Budget(tokens);
  }
}
