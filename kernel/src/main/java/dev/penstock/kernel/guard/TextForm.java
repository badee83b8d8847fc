package dev.penstock.kernel.guard;

/** What kind of text one is. */
public enum TextForm {
  PLAIN,
  /**
   * JSON, such as the arguments of a tool call: it is searched as its escapes mean, and is JSON
   * still when something in it has been redacted.
   */
  JSON;

  /** Structured output is JSON, and so is much else that begins like it. */
  public static boolean looksLikeJson(String text) {
    String begins = text.stripLeading();
    return begins.startsWith("{") || begins.startsWith("[");
  }

  /** Whether it may still become JSON; what is none turns out soon enough. */
  public static boolean beginsLikeJson(String text) {
    return text.isBlank() || looksLikeJson(text);
  }
}
