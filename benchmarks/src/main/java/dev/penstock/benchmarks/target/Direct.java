package dev.penstock.benchmarks.target;

import dev.penstock.benchmarks.load.StreamShape;
import java.net.InetSocketAddress;
import java.util.List;

/** Nothing in between: the simulator itself. */
record Direct(InetSocketAddress address, String key) implements Target {
  @Override
  public String name() {
    return "direct";
  }

  @Override
  public String description() {
    return "the simulator itself";
  }

  @Override
  public String model(StreamShape shape) {
    return shape.simulatorModel();
  }

  @Override
  public List<Long> processes() {
    return List.of();
  }

  @Override
  public List<Long> helpers() {
    return List.of();
  }

  @Override
  public void restart() {}

  @Override
  public boolean needsWarmUp() {
    return false;
  }

  @Override
  public String toString() {
    return "Direct[" + address + "]";
  }
}
