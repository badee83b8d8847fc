package dev.penstock.kernel.guard;

import java.util.ArrayList;
import java.util.List;

/**
 * What may still become a match: of a regular expression in RE2's syntax one that matches the
 * proper beginnings of what it matches, down to the end of the text. A text whose end it does not
 * match has nothing open, whatever follows.
 *
 * <p>Made by rules on the expression's form, where {@code P} stands for the beginnings: a
 * character's is the empty text; {@code P(xy) = P(x)|xP(y)}; {@code P(x|y) = P(x)|P(y)}; {@code
 * P(x*) = x*P(x)}. What only looks at its surroundings, such as {@code \\b}, may hold or not,
 * depending on what follows, so a text that ends there is open. It is a little more than all
 * beginnings, never less.
 */
final class PatternPrefix {

  private static final String QUANTIFIERS = "*+?{";
  private static final String END = "\\z";

  private final String text;
  private int at;
  private String flags = ""; // of i, m and s those that are on

  private PatternPrefix(String text) {
    this.text = text;
  }

  /**
   * @param pattern that RE2 takes
   * @throws IllegalArgumentException where a quantifier follows nothing, which RE2 takes for one of
   *     what stands before that
   */
  static String of(String pattern) {
    PatternPrefix parser = new PatternPrefix(pattern);
    return "(?:" + parser.alternatives().beginnings() + ")" + END;
  }

  /**
   * A part of the expression, and what matches its proper beginnings; both stand for themselves.
   */
  private record Part(String all, String beginnings) {

    static final Part EMPTY = new Part("", "");

    static Part ofCharacter(String all) {
      return new Part(all, "");
    }

    Part repeated(String times, String before) {
      return new Part(group(all) + times, group(all) + before + group(beginnings));
    }
  }

  private static String group(String part) {
    return "(?:" + part + ")";
  }

  private Part alternatives() {
    List<String> all = new ArrayList<>();
    List<String> beginnings = new ArrayList<>();
    while (true) {
      Part each = sequence();
      all.add(each.all());
      beginnings.add(each.beginnings());
      if (at >= text.length() || text.charAt(at) != '|') {
        return new Part(group(String.join("|", all)), group(String.join("|", beginnings)));
      }
      at++;
    }
  }

  private Part sequence() {
    List<Part> parts = new ArrayList<>();
    while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
      List<Part> atoms = atoms();
      if (atoms.isEmpty() && at < text.length() && QUANTIFIERS.indexOf(text.charAt(at)) >= 0) {
        throw new IllegalArgumentException("a quantifier has to follow what it repeats");
      }
      parts.addAll(quantified(atoms));
    }
    return joined(parts);
  }

  /** In halves, so that nothing is nested deeper than RE2 takes. */
  private static Part joined(List<Part> parts) {
    if (parts.size() <= 1) {
      return parts.isEmpty() ? Part.EMPTY : parts.getFirst();
    }
    int half = parts.size() / 2;
    Part first = joined(parts.subList(0, half));
    Part second = joined(parts.subList(half, parts.size()));
    return new Part(
        first.all() + second.all(),
        group(first.beginnings() + "|" + first.all() + group(second.beginnings())));
  }

  /** A quantifier is for the last atom. */
  private List<Part> quantified(List<Part> atoms) {
    List<Part> parts = new ArrayList<>(atoms);
    while (at < text.length() && !parts.isEmpty()) {
      Part last = parts.getLast();
      switch (text.charAt(at)) {
        case '*', '+' -> parts.set(parts.size() - 1, last.repeated(take(1), "*"));
        case '?' ->
            parts.set(parts.size() - 1, new Part(group(last.all()) + take(1), last.beginnings()));
        case '{' -> {
          int close = text.indexOf('}', at);
          String times = close < 0 ? "" : text.substring(at + 1, close);
          if (!times.matches("[0-9]+(,[0-9]*)?")) {
            return parts; // a brace like any other character
          }
          parts.set(parts.size() - 1, last.repeated(take(times.length() + 2), fewer(times)));
        }
        default -> {
          return parts;
        }
      }
      if (at < text.length() && text.charAt(at) == '?') {
        at++; // as few as possible: the same texts
      }
    }
    return parts;
  }

  /** Any number of times below the most that a counted repetition allows. */
  private static String fewer(String times) {
    String most = times.substring(times.indexOf(',') + 1);
    return most.isEmpty() ? "*" : "{0," + Math.max(0, Integer.parseInt(most) - 1) + "}";
  }

  private String take(int length) {
    at += length;
    return text.substring(at - length, at);
  }

  /** What stands there: mostly one, none for a change of flags, several for a quotation. */
  private List<Part> atoms() {
    return switch (text.charAt(at)) {
      case '(' -> groups();
      case '[' -> List.of(atom(classLength()));
      case '\\' -> text.startsWith("Q", at + 1) ? quotation() : List.of(atom(escapeLength()));
      default -> List.of(atom(Character.charCount(text.codePointAt(at))));
    };
  }

  private Part atom(int length) {
    return Part.ofCharacter(flagged(take(length)));
  }

  private String flagged(String part) {
    return flags.isEmpty() ? part : "(?" + flags + ":" + part + ")";
  }

  private List<Part> groups() {
    String outside = flags;
    if (text.startsWith("(?", at)) {
      int named =
          text.startsWith("(?P<", at) || text.startsWith("(?<", at) ? text.indexOf('>', at) : -1;
      if (named >= 0) {
        at = named + 1;
      } else {
        at += 2;
        readFlags();
        if (text.charAt(at++) == ')') {
          return List.of(); // for the rest of the group around it
        }
      }
    } else {
      at++;
    }
    Part inside = alternatives();
    at++;
    flags = outside;
    return List.of(inside);
  }

  private void readFlags() {
    boolean on = true;
    for (char c = text.charAt(at); c != ')' && c != ':'; c = text.charAt(++at)) {
      if (c == '-') {
        on = false;
      } else if (c != 'U') {
        flags = flags.replace(String.valueOf(c), "") + (on ? c : "");
      }
    }
  }

  private List<Part> quotation() {
    int end = text.indexOf("\\E", at);
    String quoted = text.substring(at + 2, end < 0 ? text.length() : end);
    at = end < 0 ? text.length() : end + 2;
    return quoted
        .codePoints()
        .mapToObj(c -> Part.ofCharacter(flagged("\\Q" + Character.toString(c) + "\\E")))
        .toList();
  }

  private int classLength() {
    int end = at + 1;
    if (text.charAt(end) == '^') {
      end++;
    }
    if (text.charAt(end) == ']') {
      end++;
    }
    while (text.charAt(end) != ']') {
      int named = text.startsWith("[:", end) ? text.indexOf(":]", end + 2) : -1;
      end = named >= 0 ? named + 2 : end + (text.charAt(end) == '\\' ? 2 : 1);
    }
    return end + 1 - at;
  }

  private int escapeLength() {
    char c = text.charAt(at + 1);
    boolean braced = "pPx".indexOf(c) >= 0 && text.startsWith("{", at + 2);
    if (braced) {
      return text.indexOf('}', at) + 1 - at;
    }
    if (c == 'x') {
      return 4;
    }
    if (c == 'p' || c == 'P') {
      return 3;
    }
    int length = 1 + Character.charCount(text.codePointAt(at + 1));
    while (c == '0'
        && length < 4
        && at + length < text.length()
        && isOctal(text.charAt(at + length))) {
      length++;
    }
    while (c >= '1'
        && c <= '7'
        && length < 4
        && at + length < text.length()
        && isOctal(text.charAt(at + length))) {
      length++;
    }
    return length;
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }
}
