package dev.penstock.controlplane.fleet;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * What waits to be written to a node, in the order of its urgency: Welcome, then revocations, then
 * money, then answers, then one chunk of a snapshot after the other. Whatever becomes urgent while
 * a snapshot is being sent goes between its chunks.
 *
 * <p>Not thread-safe: the session's thread owns it. It is bounded because answers are: the session
 * reads on only while little waits here.
 */
final class Outbox {

  private final Queue<ControlSays> welcome = new ArrayDeque<>();
  private final Queue<ControlSays> revocations = new ArrayDeque<>();
  private final Queue<ControlSays> money = new ArrayDeque<>();
  private final Queue<ControlSays> answers = new ArrayDeque<>();
  private final List<Queue<ControlSays>> byUrgency = List.of(welcome, revocations, money, answers);
  private Optional<Sending> sending = Optional.empty();

  private record Sending(long nonce, Transfer transfer, int nextChunk) {}

  void add(ControlSays says) {
    Queue<ControlSays> queue =
        switch (says) {
          case ControlSays.Welcome first -> welcome;
          case ControlSays.Revoke revoke -> revocations;
          case ControlSays.Money grant -> money;
          case ControlSays.LeaseOver over -> money;
          case ControlSays.Shares shares -> money; // an exchange may wait for them, too
          case ControlSays.UsageAcked acked -> answers;
          case ControlSays.UsageMissing missing -> answers;
          case ControlSays.Pong pong -> answers;
          case ControlSays.UpToDate upToDate -> answers;
          case ControlSays.Chunk chunk ->
              throw new IllegalArgumentException("chunks are made here, from a snapshot");
        };
    queue.add(says);
  }

  /** Starts sending a snapshot; the one before it has been answered. */
  void send(long nonce, Transfer transfer) {
    sending = Optional.of(new Sending(nonce, transfer, 0));
  }

  /** The most urgent, which is thereby taken out. */
  Optional<ControlSays> next() {
    for (Queue<ControlSays> queue : byUrgency) {
      ControlSays first = queue.poll();
      if (first != null) {
        return Optional.of(first);
      }
    }
    return nextChunk();
  }

  /** Whether chunks of a snapshot are still to be written. */
  boolean isSending() {
    return sending.isPresent();
  }

  /** How many answers wait; chunks do not count, as they are made when they are written. */
  int waiting() {
    return byUrgency.stream().mapToInt(Queue::size).sum();
  }

  private Optional<ControlSays> nextChunk() {
    if (sending.isEmpty()) {
      return Optional.empty();
    }
    Sending now = sending.get();
    int after = now.nextChunk() + 1;
    sending =
        after < now.transfer().chunks().size()
            ? Optional.of(new Sending(now.nonce(), now.transfer(), after))
            : Optional.empty();
    return Optional.of(new ControlSays.Chunk(now.nonce(), now.transfer(), now.nextChunk()));
  }
}
