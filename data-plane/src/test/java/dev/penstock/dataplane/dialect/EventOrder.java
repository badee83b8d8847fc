package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Holds a decoder's events against the order that {@link ModelEvent} promises. */
final class EventOrder {

  private enum At {
    BEFORE,
    RUNNING,
    FINISHED,
    OVER
  }

  private final Map<Integer, Block> open = new HashMap<>();
  private At at = At.BEFORE;
  private int blocks;

  private EventOrder() {}

  static void check(List<ModelEvent> events) {
    EventOrder order = new EventOrder();
    for (ModelEvent event : events) {
      assertThat(order.at).as("nothing follows the end, but %s", event).isNotEqualTo(At.OVER);
      order.next(event);
    }
  }

  private void next(ModelEvent event) {
    switch (event) {
      case Started _ -> {
        assertThat(at).as("%s", event).isEqualTo(At.BEFORE);
        at = At.RUNNING;
      }
      case BlockStarted started -> start(started);
      case TextDelta delta -> in(delta.block(), event, Block.Text.class, Block.Refusal.class);
      case ReasoningDelta delta -> in(delta.block(), event, Block.Reasoning.class);
      case Signature signature -> in(signature.block(), event, Block.Reasoning.class);
      case ArgumentsDelta delta -> in(delta.block(), event, Block.ToolCall.class);
      case BlockEnded ended -> assertThat(open.remove(ended.block())).as("%s", event).isNotNull();
      case UsageReported _, KeepAlive _ -> {}
      case Finished _ -> {
        assertThat(at).as("%s", event).isEqualTo(At.RUNNING);
        assertThat(open).as("blocks that are open at the finish").isEmpty();
        at = At.FINISHED;
      }
      case Failed _ -> at = At.OVER;
      case Ended _ -> {
        assertThat(at).as("%s", event).isEqualTo(At.FINISHED);
        at = At.OVER;
      }
    }
  }

  private void start(BlockStarted started) {
    assertThat(at).as("%s", started).isEqualTo(At.RUNNING);
    assertThat(started.block()).isEqualTo(blocks++);
    boolean alone = !(started.content() instanceof Block.ToolCall);
    boolean overlaps =
        open.values().stream().anyMatch(other -> alone || !(other instanceof Block.ToolCall));
    assertThat(overlaps).as("%s overlaps %s", started, open).isFalse();
    open.put(started.block(), started.content());
  }

  @SafeVarargs
  private void in(int block, ModelEvent event, Class<? extends Block>... kinds) {
    assertThat(at).as("%s", event).isEqualTo(At.RUNNING);
    assertThat(open.get(block)).as("%s", event).isNotNull().isInstanceOfAny(kinds);
  }
}
