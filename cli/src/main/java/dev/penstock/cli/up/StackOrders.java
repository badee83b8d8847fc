package dev.penstock.cli.up;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.process.ControlSocket;
import dev.penstock.cli.process.ManagedProcess;
import java.time.Duration;

/** What {@code start}, {@code stop} and {@code kill} in another terminal do to a stack. */
record StackOrders(Stack stack, Duration patience) implements ControlSocket.Orders {

  @Override
  public String obey(String verb, String name) {
    ManagedProcess process = stack.process(name);
    return switch (verb) {
      case "start" -> {
        stack.start(process);
        process.awaitReady(patience);
        yield name + " is ready.";
      }
      case "stop" -> {
        requireRunning(process);
        process.stop();
        yield name + " is stopped.";
      }
      case "kill" -> {
        requireRunning(process);
        process.kill();
        yield name + " is killed.";
      }
      default -> throw CommandFailure.usage("there is no order %s.".formatted(verb));
    };
  }

  private static void requireRunning(ManagedProcess process) {
    if (!process.isRunning()) {
      throw CommandFailure.failed(process.name() + " is not running.");
    }
  }
}
