package dev.penstock.benchmarks.load;

/** Takes the body of an answer as it comes, without its framing. */
interface BodySink {
  void body(byte[] bytes, int from, int to);
}
