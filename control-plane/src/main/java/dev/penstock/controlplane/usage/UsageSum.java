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

  /** Adds what the platform bears of a record; throws as {@link #add(Used)}. */
  void addBorne(long nanoUsd) {
    borneNanoUsd = Math.addExact(borneNanoUsd, nanoUsd);
  }

  /** Adds one record; throws {@link ArithmeticException} beyond what a number can hold. */
  void add(Used record) {
    RequestTokens tokens = record.tokens();
    requests++;
    input = Math.addExact(input, tokens.input());
    cacheRead = Math.addExact(cacheRead, tokens.cacheRead());
    cacheWrite = Math.addExact(cacheWrite, tokens.cacheWrite());
    cacheWrite1h = Math.addExact(cacheWrite1h, tokens.cacheWrite1h());
    audioInput = Math.addExact(audioInput, tokens.audioInput());
    output = Math.addExact(output, tokens.output());
    reasoning = Math.addExact(reasoning, tokens.reasoning());
    audioOutput = Math.addExact(audioOutput, tokens.audioOutput());
    costNanoUsd = Math.addExact(costNanoUsd, record.costNanoUsd());
    long ttft = record.ttftMicros();
    if (ttft > 0) {
      ttftCount++;
      ttftSumMicros = Math.addExact(ttftSumMicros, ttft);
      ttftCounts = TtftHistogram.counted(ttftCounts, ttft);
    }
  }

  /** Adds what other records add up to; throws as {@link #add(Used)}. */
  void add(UsageSum other) {
    requests += other.requests;
    input = Math.addExact(input, other.input);
    cacheRead = Math.addExact(cacheRead, other.cacheRead);
    cacheWrite = Math.addExact(cacheWrite, other.cacheWrite);
    cacheWrite1h = Math.addExact(cacheWrite1h, other.cacheWrite1h);
    audioInput = Math.addExact(audioInput, other.audioInput);
    output = Math.addExact(output, other.output);
    reasoning = Math.addExact(reasoning, other.reasoning);
    audioOutput = Math.addExact(audioOutput, other.audioOutput);
    costNanoUsd = Math.addExact(costNanoUsd, other.costNanoUsd);
    borneNanoUsd = Math.addExact(borneNanoUsd, other.borneNanoUsd);
    ttftCount += other.ttftCount;
    ttftSumMicros = Math.addExact(ttftSumMicros, other.ttftSumMicros);
    ttftCounts = TtftHistogram.merged(ttftCounts, other.ttftCounts);
  }
}
