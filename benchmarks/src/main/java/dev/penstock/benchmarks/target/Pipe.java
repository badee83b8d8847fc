package dev.penstock.benchmarks.target;

import dev.penstock.benchmarks.pipe.BarePipe;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@link BarePipe} in a JVM of its own; collector and compiler are as the JVM chooses them. */
final class Pipe extends ChildTarget {
  private static final List<String> FLAGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Djava.net.preferIPv4Stack=true",
          "-Xmx512m");

  Pipe(InetSocketAddress address, Direct provider, Path folder) {
    super(address, provider, new Child(command(address, provider), folder.resolve("pipe.log")));
  }

  private static List<String> command(InetSocketAddress address, Direct provider) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(BarePipe.class.getName());
    command.add(Integer.toString(address.getPort()));
    command.add(Integer.toString(provider.address().getPort()));
    return command;
  }

  @Override
  public String name() {
    return "pipe";
  }

  @Override
  public String description() {
    return "bare Vert.x pipeTo, one event loop, " + String.join(" ", FLAGS);
  }

  @Override
  public boolean needsWarmUp() {
    return true;
  }
}
