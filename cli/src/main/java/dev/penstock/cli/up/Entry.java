package dev.penstock.cli.up;

import dev.penstock.cli.process.ManagedProcess;

/** The quickstart's way in: a key and a model that it may use at a node. */
record Entry(String tenant, String key, String model) {
  private static final String MODEL = "assistant";

  /** The patients' data of acme-health stays in Europe, so elsewhere the way in is the lab's. */
  static Entry of(ManagedProcess node) {
    if ("eu-west".equals(node.spec().label().region())) {
      return new Entry("acme-health", "support-assistant", MODEL);
    }
    return new Entry("acme-labs", "experiments", MODEL);
  }
}
