package dev.penstock.it.kit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Installations that live until the last test has ended. */
final class Stacks {
  private static final Namespace NAMESPACE = Namespace.create(Stacks.class);
  private static final Map<String, PenstockTester> RUNNING = new ConcurrentHashMap<>();

  private Stacks() {}

  /** One of the root store, which closes it at the end. What failed to start is not tried again. */
  static PenstockTester get(ExtensionContext context, String name, Supplier<PenstockTester> start) {
    Started started =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(name, missing -> start(name, start), Started.class);
    return switch (started) {
      case Runs(PenstockTester tester) -> tester;
      case Failed(Throwable cause) ->
          throw new IllegalStateException("the installation " + name + " did not start", cause);
    };
  }

  private sealed interface Started {}

  private record Runs(PenstockTester tester) implements Started, AutoCloseable {
    @Override
    public void close() {
      tester.close();
    }
  }

  private record Failed(Throwable cause) implements Started {}

  /** All that run, for the test that looks at what the others have left. */
  static Map<String, PenstockTester> running() {
    return Map.copyOf(RUNNING);
  }

  private static Started start(String name, Supplier<PenstockTester> start) {
    try {
      PenstockTester tester = start.get();
      RUNNING.put(name, tester);
      return new Runs(tester);
    } catch (RuntimeException | AssertionError e) {
      return new Failed(e);
    }
  }
}
