package dev.penstock.dataplane.dialect;

import dev.penstock.kernel.money.Tokens;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads off one event of a provider's stream, or off its whole answer, what the gateway has to
 * know, in one pass over its bytes and without building anything. Keeps nothing from one event to
 * the next, as all streams of an event loop share it.
 */
public interface StreamScan {

  /** Looks at the data of one event, {@code bytes[from, to)}, which is not empty. */
  void scan(byte[] bytes, int from, int to);

  /** Looks at a whole answer, or at an error in place of one, {@code bytes[from, to)}. */
  void scanWhole(byte[] bytes, int from, int to);

  /** Whether it is what the dialect's data look like at all; nothing else counts if not. */
  boolean wellFormed();

  /** Whether it carries text, a refusal, reasoning or a part of a tool call. */
  boolean content();

  /**
   * Where the value begins that carries the content of an event of a stream, the last one where
   * there are several: a string, or a list or object of pieces. Only where there is {@link
   * #content}.
   */
  int contentAt();

  /** Whether, once it has come, an answer is complete even if no terminal event follows. */
  boolean finish();

  /** Whether it is the dialect's last event of a stream that ended well; nothing may follow. */
  boolean terminal();

  /** Whether the provider reports an error in place of an answer. */
  boolean error();

  /** Whether it is there for its usage alone, which a client that did not ask must not see. */
  default boolean usageOnly() {
    return false;
  }

  /** Whether it tells usage. */
  boolean usage();

  /**
   * Overwrites the usage with blanks, in the bytes that were looked at, for a client that is not to
   * see it there; only where there is {@link #usage}.
   */
  default void hideUsage(byte[] bytes) {}

  /**
   * The provider's count so far, or empty if it cannot be believed: not numbers, negative, absurdly
   * large, or with parts larger than their whole. Its output is 0 where it is not of what was
   * written so far, as in the first event of Anthropic's streams. Valid until the next event is
   * looked at, and only where there is {@link #usage}.
   *
   * @param bytes that were looked at
   * @param before what earlier events of the same stream told; null: nothing
   */
  Optional<Tokens> tokens(byte[] bytes, @Nullable Tokens before);

  /**
   * The provider's word for the service tier in which it serves; empty: it does not say. Only after
   * {@link #tokens}, with what was looked at.
   */
  default String serviceTier(byte[] bytes, int from, int to) {
    return "";
  }
}
