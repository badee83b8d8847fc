package dev.penstock.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * A command whose name is fixed but whose work is still to be built: it says so, and does nothing.
 */
@Command(description = "Not in this build yet.")
final class NotBuiltYet implements Callable<Integer> {
  static final List<String> NAMES = List.of("simulate", "replay", "audit");

  @Spec CommandSpec spec;

  @Unmatched List<String> arguments = new ArrayList<>();

  NotBuiltYet() {
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    throw CommandFailure.usage(
        "this build does not have `%s` yet; nothing was done.".formatted(spec.name()));
  }
}
