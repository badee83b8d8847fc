package dev.penstock.kernel.guard;

/**
 * Finds what one detector looks for, in a whole text or in one that is still growing. Immutable,
 * for any thread.
 *
 * <p>However a text is cut into pieces, what is told of it is the same: a scan of what is there so
 * far stops at the first beginning on which it cannot decide yet, and goes on from there when more
 * has come.
 */
@FunctionalInterface
interface TextScan {

  /**
   * @param text in normal form; offsets are told in it
   * @param from where to begin; what stands before only shows where words begin
   * @param last whether the text ends here; if not, more may follow
   * @return where to go on when more has come: the first beginning whose verdict depends on what
   *     follows. What begins before it has been told and stays as it is, whatever follows; nothing
   *     that begins there or later has been told. The text's length where nothing is open
   */
  int scan(String text, int from, boolean last, ScanBudget budget, Found found);
}
