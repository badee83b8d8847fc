package dev.penstock.providersim.chat;

/** Whose Chat Completions these are. */
public enum Flavour {
  OPENAI,
  /** OpenAI's, behind Azure's content filters, with the model in the path. */
  AZURE,
  /** A server that takes any field, shows its reasoning, and may send usage in every chunk. */
  VLLM,
  /** One of before 2026, and servers like it: reasoning and errors have other shapes. */
  OLDER_VLLM;

  /** Whether the server is of one of the two kinds that take anything. */
  boolean isOpen() {
    return this == VLLM || this == OLDER_VLLM;
  }
}
