package dev.penstock.kernel.guard;

/**
 * How much work the guards of one request may do with patterns. One search takes time in proportion
 * to text and pattern, but a pattern such as {@code a.*b|a} can make the search for all matches
 * look at the rest of the text anew for each; so the work is counted, and it ends. Of one thread.
 */
public final class ScanBudget {

  /**
   * Instructions of a pattern times characters looked at, three looks a character: 2^31 are some 10
   * MiB under five patterns of fifteen instructions.
   */
  public static final long OF_A_REQUEST = 1L << 31;

  private long left;

  public ScanBudget(long steps) {
    left = steps;
  }

  /** What a request gets. */
  public static ScanBudget ofRequest() {
    return new ScanBudget(OF_A_REQUEST);
  }

  void spend(long steps) {
    left -= steps;
    if (left < 0) {
      throw new Exceeded();
    }
  }

  /** There is no verdict, and there will be none. */
  public static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exceeded() {
      super("the guards' patterns would take too long", null, false, false);
    }
  }
}
