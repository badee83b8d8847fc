package dev.penstock.benchmarks.target;

import dev.penstock.benchmarks.load.StreamShape;
import java.net.InetSocketAddress;
import java.util.List;

/** Something that a client can talk to, with the simulator at its far end. */
public sealed interface Target permits Direct, ChildTarget, Penstock {

  /** The word for it in options, tables and JSON. */
  String name();

  /** What exactly it is: version and settings that matter. */
  String description();

  InetSocketAddress address();

  /** The key that its clients show. */
  String key();

  /** What its clients call a stream of this shape. */
  String model(StreamShape shape);

  /** The processes whose cost is its cost. */
  List<Long> processes();

  /** Other processes that it keeps busy, whose cost is shown beside. */
  List<Long> helpers();

  /** Begins again with fresh processes, so that memory is not an earlier round's. */
  void restart();

  /** Whether it has to be warmed up before its cost means anything. */
  boolean needsWarmUp();
}
