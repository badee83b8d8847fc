package dev.penstock.benchmarks.instrument;

/**
 * Something a node does that is measured alone, in the benchmark's own process and on one thread.
 */
public interface InProcess<R extends Round> {

  /** What is measured, as its row says. */
  String name();

  R measure(int round);
}
