package dev.penstock.benchmarks.target;

import dev.penstock.benchmarks.load.StreamShape;
import dev.penstock.benchmarks.pipe.BarePipe;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@link BarePipe} in a JVM of its own, with the flags that a Penstock node gets. */
final class Pipe implements Target, AutoCloseable {
  private static final List<String> FLAGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Djava.net.preferIPv4Stack=true",
          "-Xmx512m");

  private final InetSocketAddress address;
  private final String key;
  private final Child child;

  Pipe(InetSocketAddress address, Direct provider, Path folder) {
    this.address = address;
    this.key = provider.key();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(BarePipe.class.getName());
    command.add(Integer.toString(address.getPort()));
    command.add(Integer.toString(provider.address().getPort()));
    this.child = new Child(command, folder.resolve("pipe.log"));
    child.start();
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
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String model(StreamShape shape) {
    return shape.simulatorModel();
  }

  @Override
  public List<Long> processes() {
    return child.processes();
  }

  @Override
  public List<Long> helpers() {
    return List.of();
  }

  @Override
  public void restart() {
    child.close();
    child.start();
  }

  @Override
  public boolean needsWarmUp() {
    return true;
  }

  @Override
  public void close() {
    child.close();
  }
}
