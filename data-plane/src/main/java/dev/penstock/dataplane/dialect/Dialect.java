package dev.penstock.dataplane.dialect;

/**
 * The wire formats in which a model is asked, by clients and of providers alike. Azure OpenAI and
 * OpenAI-compatible servers speak {@link #OPENAI_CHAT} at other addresses.
 */
public enum Dialect {
  OPENAI_CHAT("openai-chat"),
  OPENAI_RESPONSES("openai-responses"),
  ANTHROPIC_MESSAGES("anthropic-messages"),
  MISTRAL_CHAT("mistral-chat");

  private final String word;

  Dialect(String word) {
    this.word = word;
  }

  /** As records, metrics and documents call it. */
  public String word() {
    return word;
  }
}
