package dev.penstock.benchmarks.instrument;

/** What an instrument read from one target in one round. */
public sealed interface Round
    permits ChunkRound,
        FirstTokenRound,
        GuardSearchRound,
        HoldRound,
        LookUpRound,
        OpenRound,
        StalledRound {
  int round();

  String target();

  /**
   * Whether the traffic was what it should be; a figure of a round that was not is worth nothing.
   */
  Checked checked();
}
