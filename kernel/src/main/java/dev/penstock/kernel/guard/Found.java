package dev.penstock.kernel.guard;

/** Hears of what is found, in no order and possibly overlapping. */
@FunctionalInterface
public interface Found {

  /** {@code start} to {@code end} (exclusive) in the text that was given. */
  void at(Rule rule, int start, int end);
}
