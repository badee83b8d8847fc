package dev.penstock.dataplane.dialect;

import dev.penstock.kernel.money.Tokens;
import java.util.Objects;
import java.util.Optional;

/**
 * A piece of a model's answer, free of any dialect. A decoder makes these of a provider's stream or
 * of its whole answer, an encoder writes them in the client's dialect; neither knows the other.
 *
 * <p>The order that a decoder keeps and an encoder may rely on: {@link Started} first and once;
 * then blocks, each {@link BlockStarted}, its deltas, {@link BlockEnded}; {@link UsageReported}
 * anywhere, a later one replacing an earlier; then one of {@link Finished} and {@link Failed}; last
 * {@link Ended}, once, and only after {@link Finished}. {@link KeepAlive} anywhere. Blocks are
 * numbered from 0 in the order in which they start; blocks of tool calls may overlap (OpenAI's
 * parallel calls do), others never.
 */
public sealed interface ModelEvent {

  /**
   * The answer begins.
   *
   * @param id the provider's; empty where it gives none
   * @param createdUnixSeconds 0: not stated
   */
  record Started(String id, String model, long createdUnixSeconds) implements ModelEvent {
    public Started {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(model, "model");
    }
  }

  /** What a block holds. */
  sealed interface Block {

    /** What the model says. */
    record Text() implements Block {}

    /** What it thinks; deltas are {@link ReasoningDelta}. */
    record Reasoning() implements Block {}

    /**
     * Thoughts that only their maker can read.
     *
     * @param content goes back to the same provider as it came
     * @param madeBy whose; it means nothing to a provider of another dialect
     */
    record EncryptedReasoning(String content, Dialect madeBy) implements Block {}

    /** Why it will not say it; deltas are {@link TextDelta}. */
    record Refusal() implements Block {}

    /**
     * A tool that it wants called; deltas are {@link ArgumentsDelta}.
     *
     * @param id the provider's, which the result has to name
     */
    record ToolCall(String id, String name) implements Block {}
  }

  record BlockStarted(int block, Block content) implements ModelEvent {}

  /** Of a text or a refusal. */
  record TextDelta(int block, String text) implements ModelEvent {}

  record ReasoningDelta(int block, String text) implements ModelEvent {}

  /**
   * What proves to the provider that a block of reasoning is its own; replaces an earlier one.
   *
   * @param madeBy whose; a provider of another dialect would refuse it
   */
  record Signature(int block, String signature, Dialect madeBy) implements ModelEvent {}

  /** A piece of the JSON text of a call's arguments; a call without any has none. */
  record ArgumentsDelta(int block, String json) implements ModelEvent {}

  record BlockEnded(int block) implements ModelEvent {}

  /**
   * The provider's own count, of the whole call so far. One that comes before {@link Finished} may
   * lag behind what was generated, and the first often counts the input alone: who charges for a
   * stream that was cut adds an estimate of what came since.
   *
   * @param serviceTier the provider's word for the one in which it serves; empty: it does not say
   */
  record UsageReported(Tokens tokens, String serviceTier) implements ModelEvent {

    public UsageReported(Tokens tokens) {
      this(tokens, "");
    }
  }

  /** Nothing to say, but still there. */
  record KeepAlive() implements ModelEvent {}

  /**
   * @param stopSequence which one was met, where the provider says so
   */
  record Finished(FinishReason reason, Optional<String> stopSequence) implements ModelEvent {}

  /** The provider reported an error in place of an end. */
  record Failed(ProviderError error) implements ModelEvent {}

  /** The provider's terminal event: nothing follows. */
  record Ended() implements ModelEvent {}

  /** What the model itself wrote of it, be it text, thoughts or a call; empty: nothing. */
  default String written() {
    return switch (this) {
      case TextDelta(_, String text) -> text;
      case ReasoningDelta(_, String text) -> text;
      case ArgumentsDelta(_, String json) -> json;
      case BlockStarted(_, Block.ToolCall(_, String name)) -> name;
      case Started _,
          BlockStarted _,
          Signature _,
          BlockEnded _,
          UsageReported _,
          KeepAlive _,
          Finished _,
          Failed _,
          Ended _ ->
          "";
    };
  }
}
