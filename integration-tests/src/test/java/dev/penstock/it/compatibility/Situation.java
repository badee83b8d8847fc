package dev.penstock.it.compatibility;

/** What is asked for, or what happens at the provider. */
enum Situation {
  TEXT("text", "sim-text"),
  TOOL("tool call", "sim-tool"),
  PARALLEL_TOOLS("parallel tools", "sim-tools"),
  BARE_TOOL("no-argument tool", "sim-tool-bare"),
  IMAGE("image", "sim-text"),
  STRUCTURED("structured output", "sim-json"),
  REASONING("reasoning", "sim-reasoning"),
  LENGTH("length stop", "sim-length"),
  REFUSAL("refusal", "sim-refusal"),
  ERROR_BEFORE("error before", "sim-status-503"),
  ERROR_MID_STREAM("error mid-stream", "sim-error-mid-stream"),
  CUT("cut", "sim-close-after-3"),
  /** A field that few dialects have, and that changes what the model is asked. */
  UNCARRIED("field not carried", "sim-text");

  private final String title;
  private final String script;

  Situation(String title, String script) {
    this.title = title;
    this.script = script;
  }

  String title() {
    return title;
  }

  /** The simulator's script. */
  String script() {
    return script;
  }

  /** Part of a model's name. */
  String word() {
    return title.replace(' ', '-');
  }
}
