package dev.penstock.benchmarks.target;

import dev.penstock.benchmarks.load.StreamShape;
import java.net.InetSocketAddress;
import java.util.List;

/** A target that is one process of ours in front of the simulator, and knows of no models. */
abstract sealed class ChildTarget implements Target, AutoCloseable permits Nginx, Pipe {
  private final InetSocketAddress address;
  private final String key;
  private final Child child;

  /** Starts the child. */
  ChildTarget(InetSocketAddress address, Direct provider, Child child) {
    this.address = address;
    this.key = provider.key();
    this.child = child;
    child.start();
  }

  @Override
  public final InetSocketAddress address() {
    return address;
  }

  @Override
  public final String key() {
    return key;
  }

  @Override
  public final String model(StreamShape shape) {
    return shape.simulatorModel();
  }

  @Override
  public final List<Long> processes() {
    return child.processes();
  }

  @Override
  public final List<Long> helpers() {
    return List.of();
  }

  @Override
  public final void restart() {
    child.close();
    child.start();
  }

  @Override
  public final void close() {
    child.close();
  }
}
