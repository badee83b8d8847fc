package dev.penstock.cli.up;

import dev.penstock.cli.process.Death;

/** Told what happens while an installation starts and runs. Called from several threads. */
public interface Progress {
  Progress SILENT =
      new Progress() {
        @Override
        public void step(String sentence) {}

        @Override
        public void died(Death death) {}
      };

  void step(String sentence);

  /** A process ended that nobody had told to; it stays down. */
  void died(Death death);
}
