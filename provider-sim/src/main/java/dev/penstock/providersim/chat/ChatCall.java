package dev.penstock.providersim.chat;

import java.util.OptionalLong;

/**
 * What the simulator needs of a request that passed every check.
 *
 * @param promptTokens UTF-8 bytes of all message text, divided by four, rounded up
 */
public record ChatCall(String model, Delivery delivery, OptionalLong maxTokens, long promptTokens) {

  /** How the answer is to travel. */
  public sealed interface Delivery {}

  /** One JSON document. */
  public record Whole() implements Delivery {}

  /** Server-sent events; {@code true} for what the client asked to see in them. */
  public record Streamed(boolean includeUsage, boolean includeObfuscation) implements Delivery {}
}
