package dev.penstock.kernel.guard;

/** Finds what one detector looks for. Immutable, for any thread. */
@FunctionalInterface
interface TextScan {

  /**
   * @param text in normal form; offsets are told in it
   */
  void scan(String text, ScanBudget budget, Found found);
}
