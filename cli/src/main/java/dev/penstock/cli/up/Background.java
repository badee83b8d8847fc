package dev.penstock.cli.up;

import dev.penstock.cli.CommandFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Work on a thread of its own, whose result or failure is picked up later. */
record Background<T>(CompletableFuture<T> result) {
  private static final long POLL_MILLIS = 20;

  static <T> Background<T> run(String name, Supplier<T> work) {
    return new Background<>(
        CompletableFuture.supplyAsync(
            work, task -> Thread.ofPlatform().daemon().name(name).start(task)));
  }

  T await() {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw e;
    }
  }

  static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandFailure.failed("interrupted");
    }
  }
}
