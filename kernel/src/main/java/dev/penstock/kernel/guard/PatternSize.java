package dev.penstock.kernel.guard;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * About how many instructions a regular expression has once it is compiled, never far too few: an
 * atom is one, a counted repetition as many times its atom as it allows. What is no pattern gets
 * some number, too; the compiler says then what is wrong.
 */
final class PatternSize {

  private static final long MOST = Integer.MAX_VALUE;

  private final String text;
  private int at;

  private PatternSize(String text) {
    this.text = text;
  }

  static long estimate(String pattern) {
    return new PatternSize(pattern).run();
  }

  /** What a group has so far, and the last atom in it, which a repetition would multiply. */
  private static final class Group {
    private long before;
    private long last;

    void atom(long size) {
      before = Math.min(MOST, before + last);
      last = size;
    }

    long size() {
      return Math.min(MOST, before + last);
    }
  }

  private long run() {
    Deque<Group> open = new ArrayDeque<>();
    open.push(new Group());
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case '(' -> open.push(new Group());
        case ')' -> {
          Group closed = open.pop();
          if (open.isEmpty()) {
            open.push(new Group()); // no pattern
          }
          open.element().atom(closed.size() + 2);
        }
        case '[' -> {
          skipClass();
          open.element().atom(1);
        }
        case '\\' -> open.element().atom(escape());
        case '{' -> open.element().last = Math.min(MOST, open.element().last * repetitions());
        case '*', '+', '?', '|' -> open.element().last = Math.min(MOST, open.element().last + 1);
        default -> open.element().atom(1);
      }
    }
    return open.stream().mapToLong(Group::size).sum();
  }

  private void skipClass() {
    if (at < text.length() && text.charAt(at) == '^') {
      at++;
    }
    if (at < text.length() && text.charAt(at) == ']') {
      at++;
    }
    while (at < text.length() && text.charAt(at) != ']') {
      boolean named = text.startsWith("[:", at);
      int end = named ? text.indexOf(":]", at + 2) : -1;
      at = end >= 0 ? end + 2 : at + (text.charAt(at) == '\\' ? 2 : 1);
    }
    at++;
  }

  private long escape() {
    if (text.startsWith("Q", at)) {
      int end = text.indexOf("\\E", at);
      int literal = (end < 0 ? text.length() : end) - at - 1;
      at = end < 0 ? text.length() : end + 2;
      return literal;
    }
    boolean braced =
        at + 1 < text.length() && "pPx".indexOf(text.charAt(at)) >= 0 && text.charAt(at + 1) == '{';
    int close = braced ? text.indexOf('}', at) : -1;
    at = close >= 0 ? close + 1 : at + 1;
    return 1;
  }

  /** The largest number between the braces; one where they are no repetition. */
  private long repetitions() {
    int close = text.indexOf('}', at);
    String inside = close < 0 ? "" : text.substring(at, close);
    if (!inside.matches("[0-9]{1,9}(,[0-9]{0,9})?")) {
      return 1;
    }
    at = close + 1;
    long most = 1;
    for (String number : inside.split(",", -1)) {
      most = Math.max(most, number.isEmpty() ? 1 : Long.parseLong(number) + 1);
    }
    return most;
  }
}
