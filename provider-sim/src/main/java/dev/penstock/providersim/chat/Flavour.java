package dev.penstock.providersim.chat;

/** Whose Chat Completions these are. */
public enum Flavour {
  OPENAI,
  /** OpenAI's, behind Azure's content filters, with the model in the path. */
  AZURE,
  /** A server that takes any field, shows its reasoning, and may send usage in every chunk. */
  VLLM
}
