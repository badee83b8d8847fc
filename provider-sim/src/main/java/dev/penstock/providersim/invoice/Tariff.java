package dev.penstock.providersim.invoice;

import org.jspecify.annotations.Nullable;

/**
 * How one call is counted and priced.
 *
 * @param prompt the tokens of its prompt, with nothing answered yet
 * @param scriptedCompletion reported and billed only if the answer is played to its end; a cut one
 *     is billed for what was sent
 * @param scriptedReasoning as {@code scriptedCompletion}, of which it is part
 */
public record Tariff(
    Prices prices,
    Usage prompt,
    @Nullable Long scriptedCompletion,
    @Nullable Long scriptedReasoning) {

  /** What is reported to the client at the end of a whole answer. */
  public Usage whole(long tokensSent, long reasoningSent) {
    return prompt.answeredWith(
        scriptedCompletion == null ? tokensSent : scriptedCompletion.longValue(),
        scriptedReasoning == null ? reasoningSent : scriptedReasoning.longValue());
  }

  Usage soFar(long tokensSent, long reasoningSent) {
    return prompt.answeredWith(tokensSent, reasoningSent);
  }
}
