package dev.penstock.dataplane.dialect.openai.chat;

import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.ArgumentsDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelEvent.BlockEnded;
import dev.penstock.dataplane.dialect.ModelEvent.BlockStarted;
import dev.penstock.dataplane.dialect.ModelEvent.Ended;
import dev.penstock.dataplane.dialect.ModelEvent.Failed;
import dev.penstock.dataplane.dialect.ModelEvent.Finished;
import dev.penstock.dataplane.dialect.ModelEvent.KeepAlive;
import dev.penstock.dataplane.dialect.ModelEvent.ReasoningDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Signature;
import dev.penstock.dataplane.dialect.ModelEvent.Started;
import dev.penstock.dataplane.dialect.ModelEvent.TextDelta;
import dev.penstock.dataplane.dialect.ModelEvent.UsageReported;
import dev.penstock.kernel.money.Tokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A whole answer, gathered from its events into what a message of a chat completion has: one text,
 * one reasoning, one refusal, and calls. How much it may hold, the decoder bounds.
 */
public final class GatheredAnswer {

  /**
   * @param arguments a JSON object; {@code {}} where the model gave none
   */
  public record Call(String id, String name, String arguments) {}

  private static final class OpenCall {
    final Block.ToolCall call;
    final StringBuilder arguments = new StringBuilder();

    OpenCall(Block.ToolCall call) {
      this.call = call;
    }
  }

  private final Map<Integer, OpenCall> calls = new LinkedHashMap<>();
  private final Map<Integer, StringBuilder> texts = new LinkedHashMap<>();
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final StringBuilder refusal = new StringBuilder();
  private Started started = new Started("", "", 0);
  private FinishReason finish = FinishReason.STOP;
  private Optional<Tokens> usage = Optional.empty();

  public void take(ModelEvent event) {
    switch (event) {
      case Started begun -> started = begun;
      case BlockStarted block -> start(block.block(), block.content());
      case TextDelta delta -> texts.getOrDefault(delta.block(), text).append(delta.text());
      case ReasoningDelta delta -> reasoning.append(delta.text());
      case ArgumentsDelta delta -> {
        OpenCall call = calls.get(delta.block());
        if (call != null) {
          call.arguments.append(delta.json());
        }
      }
      case UsageReported reported -> usage = Optional.of(reported.tokens());
      case Finished finished -> finish = finished.reason();
      case BlockEnded _, Signature _, KeepAlive _, Failed _, Ended _ -> {}
    }
  }

  private void start(int block, Block content) {
    switch (content) {
      case Block.ToolCall call -> calls.put(block, new OpenCall(call));
      case Block.Refusal _ -> texts.put(block, refusal);
      case Block.Text _, Block.Reasoning _, Block.EncryptedReasoning _ -> {}
    }
  }

  public Started started() {
    return started;
  }

  public String text() {
    return text.toString();
  }

  /** All that is said, where there is no field of its own for a refusal. */
  public String said() {
    return text.isEmpty() || refusal.isEmpty() ? text() + refusal() : text + " " + refusal;
  }

  public String reasoning() {
    return reasoning.toString();
  }

  public String refusal() {
    return refusal.toString();
  }

  public List<Call> calls() {
    return calls.values().stream()
        .map(it ->
            new Call(
                it.call.id(),
                it.call.name(),
                it.arguments.isEmpty() ? "{}" : it.arguments.toString()))
        .toList();
  }

  public FinishReason finish() {
    return finish;
  }

  public Optional<Tokens> usage() {
    return usage;
  }
}
