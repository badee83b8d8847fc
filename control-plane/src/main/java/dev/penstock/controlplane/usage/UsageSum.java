package dev.penstock.controlplane.usage;

/** What some records add up to. Not for several threads at once. */
final class UsageSum {

  long requests;
  long input;
  long cacheRead;
  long cacheWrite;
  long cacheWrite1h;
  long audioInput;
  long output;
  long reasoning;
  long audioOutput;
  long costNanoUsd;
  long borneNanoUsd;
  long ttftCount;
  long ttftSumMicros;
  long[] ttftCounts = {};

  /** Adds what the platform bears of a record; throws as {@link #add}. */
  void addBorne(long nanoUsd) {
    borneNanoUsd = Math.addExact(borneNanoUsd, nanoUsd);
  }

  /** Adds one record; throws {@link ArithmeticException} beyond what a number can hold. */
  void add(RequestRecord record) {
    requests++;
    input = Math.addExact(input, record.tokens().input());
    cacheRead = Math.addExact(cacheRead, record.tokens().cacheRead());
    cacheWrite = Math.addExact(cacheWrite, record.tokens().cacheWrite());
    cacheWrite1h = Math.addExact(cacheWrite1h, record.tokens().cacheWrite1h());
    audioInput = Math.addExact(audioInput, record.tokens().audioInput());
    output = Math.addExact(output, record.tokens().output());
    reasoning = Math.addExact(reasoning, record.tokens().reasoning());
    audioOutput = Math.addExact(audioOutput, record.tokens().audioOutput());
    costNanoUsd = Math.addExact(costNanoUsd, record.costNanoUsd());
    long ttft = record.timing().ttftDeliveredMicros();
    if (ttft > 0) {
      ttftCount++;
      ttftSumMicros = Math.addExact(ttftSumMicros, ttft);
      ttftCounts = TtftHistogram.counted(ttftCounts, ttft);
    }
  }
}
