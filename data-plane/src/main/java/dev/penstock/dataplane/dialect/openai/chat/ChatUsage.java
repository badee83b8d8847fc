package dev.penstock.dataplane.dialect.openai.chat;

import dev.penstock.dataplane.dialect.openai.OpenAiUsage;
import dev.penstock.kernel.money.Tokens;
import java.util.Optional;

/** Reads the {@code usage} object of a chat completion. */
public final class ChatUsage {

  private ChatUsage() {}

  /**
   * The provider's count, or empty if it cannot be believed: not an object, not numbers, negative,
   * absurdly large, or with parts larger than their whole.
   */
  public static Optional<Tokens> read(byte[] bytes, int from, int to) {
    return OpenAiUsage.read(bytes, from, to);
  }
}
