package dev.penstock.kernel.guard;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds all terms in one pass (Aho and Corasick, 1975): a tree of the terms' characters, in which
 * each node knows the longest end of what it stands for that begins a term, too. Case and the kind
 * and number of white space do not matter; where a term begins or ends with a letter or digit, a
 * word has to begin or end there.
 */
final class TermScan implements TextScan {

  private static final int NONE = -1;
  private static final int ROOT = 0;

  /** As what a character counts in a text and in a term. */
  private enum Reading {
    /** As what it is. */
    PLAIN,
    /** As the ASCII letter or digit that it looks like. */
    BY_LOOKS
  }

  private final Reading reading;
  private final List<Rule> rules = new ArrayList<>();
  private final int[] lengths; // in characters of the tree, by term
  private final Map<Long, Integer> children = new HashMap<>(); // by node and character
  private final int[] asciiFromRoot = new int[0x80];
  private final int[] fallback; // by node
  private final int[] depths; // in characters of the tree, by node
  private final boolean combines; // whether what combines with a character may make a term of it
  private final int[] termAt; // that ends at the node; NONE: none
  private final int[] nextTermAt; // the nearest node on the chain of fallbacks at which one ends
  private int nodes = 1;

  private TermScan(List<String> terms, Reading reading) {
    this.reading = reading;
    lengths = new int[terms.size()];
    int most = 1 + terms.stream().mapToInt(term -> fold(term).length()).sum();
    fallback = new int[most];
    depths = new int[most];
    combines = terms.stream().anyMatch(term -> Words.firstNotAscii(fold(term)) >= 0);
    nextTermAt = new int[most];
    termAt = new int[most];
    Arrays.fill(termAt, NONE);
    for (int i = 0; i < terms.size(); i++) {
      add(fold(terms.get(i)), i);
      rules.add(Rule.ofTerm(i));
    }
    link();
    for (char c = 0; c < asciiFromRoot.length; c++) {
      asciiFromRoot[c] = children.getOrDefault(edge(ROOT, c), ROOT);
    }
  }

  /** Terms as they are written. */
  static TextScan of(List<String> terms) {
    return new TermScan(terms, Reading.PLAIN);
  }

  /**
   * Terms in which letters of other scripts stand for what they look like. At least one character
   * has to be an ASCII letter or digit as it came, and one that only looks like one: so no honest
   * word of another script is taken for a term, and none is told twice.
   */
  static TextScan byLooks(List<String> terms) {
    return new TermScan(terms, Reading.BY_LOOKS);
  }

  /** Whether nothing is left of a term. */
  static boolean isEmpty(String term) {
    return fold(term, Reading.PLAIN).isEmpty();
  }

  private String fold(String term) {
    return fold(term, reading);
  }

  /** A term as the tree has it; empty if nothing is left of it. */
  private static String fold(String term, Reading reading) {
    StringBuilder folded = new StringBuilder();
    for (char each : NormalText.normalize(term).toCharArray()) {
      char c = fold(each, reading);
      if (c != ' ' || (!folded.isEmpty() && folded.charAt(folded.length() - 1) != ' ')) {
        folded.append(c);
      }
    }
    return folded.toString().strip();
  }

  private static char fold(char c, Reading reading) {
    return switch (reading) {
      case PLAIN -> fold(c);
      case BY_LOOKS -> fold(LookAlikes.of(c));
    };
  }

  private static char fold(char c) {
    if (c < 0x80) {
      boolean upper = c >= 'A' && c <= 'Z';
      return upper ? (char) (c + ('a' - 'A')) : isSpace(c) ? ' ' : c;
    }
    return isSpace(c) ? ' ' : Character.toLowerCase(Character.toUpperCase(c));
  }

  private static boolean isSpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static long edge(int node, char c) {
    return ((long) node << 16) | c;
  }

  private void add(String folded, int term) {
    int node = ROOT;
    for (int i = 0; i < folded.length(); i++) {
      Integer child = children.get(edge(node, folded.charAt(i)));
      if (child == null) {
        child = nodes++;
        depths[child] = i + 1;
        children.put(edge(node, folded.charAt(i)), child);
      }
      node = child;
    }
    lengths[term] = folded.length();
    termAt[node] = termAt[node] == NONE ? term : termAt[node]; // of two that are the same the first
  }

  private record Edge(int from, char c, int to) {}

  /** Level by level, so that whatever a node falls back to is complete. */
  private void link() {
    Map<Integer, List<Edge>> below = new HashMap<>();
    children.forEach((key, to) -> {
      Edge edge = new Edge((int) (key >>> 16), (char) (long) key, to);
      below.computeIfAbsent(edge.from(), from -> new ArrayList<>()).add(edge);
    });
    ArrayDeque<Integer> open = new ArrayDeque<>(List.of(ROOT));
    while (!open.isEmpty()) {
      for (Edge edge : below.getOrDefault(open.remove(), List.of())) {
        int back = edge.from() == ROOT ? ROOT : step(fallback[edge.from()], edge.c());
        fallback[edge.to()] = back;
        nextTermAt[edge.to()] = termAt[back] == NONE ? nextTermAt[back] : back;
        open.add(edge.to());
      }
    }
  }

  private int step(int from, char c) {
    int node = from;
    while (true) {
      Integer child = children.get(edge(node, c));
      if (child != null) {
        return child;
      }
      if (node == ROOT) {
        return ROOT;
      }
      node = fallback[node];
    }
  }

  @Override
  public int scan(String text, int from, boolean last, ScanBudget budget, Found found) {
    if (last && reading == Reading.BY_LOOKS && Words.firstNotAscii(text) < 0) {
      return text.length(); // most often
    }
    int to = last || !combines ? text.length() : Math.max(from, Words.beforeWhatMayCombine(text));
    List<Find> finds = new ArrayList<>(0);
    int node = ROOT;
    boolean afterSpace = false;
    for (int i = from; i < to; i++) {
      char c = fold(text.charAt(i), reading);
      if (c == ' ' && afterSpace) {
        continue;
      }
      afterSpace = c == ' ';
      node = node == ROOT && c < 0x80 ? asciiFromRoot[c] : step(node, c);
      if (last || i + 1 < text.length()) { // what follows shows whether a word ends there
        add(text, node, i + 1, finds);
      }
    }
    int open = last ? to : startOf(text, to, depths[node]);
    for (Find each : finds) {
      if (last || each.start() < open) {
        found.at(rules.get(each.term()), each.start(), each.end());
      }
    }
    return open;
  }

  private record Find(int term, int start, int end) {}

  /** All terms that end there. */
  private void add(String text, int node, int end, List<Find> finds) {
    for (int at = termAt[node] == NONE ? nextTermAt[node] : node; at != ROOT; at = nextTermAt[at]) {
      int start = startOf(text, end, lengths[termAt[at]]);
      if (Words.isEdge(text, start) && Words.isEdge(text, end) && counts(text, start, end)) {
        finds.add(new Find(termAt[at], start, end));
      }
    }
  }

  private boolean counts(String text, int start, int end) {
    return switch (reading) {
      case PLAIN -> true;
      case BY_LOOKS -> {
        CharSequence find = text.subSequence(start, end);
        yield find.chars().anyMatch(c -> c < 0x80 && Words.isAsciiWord((char) c))
            && find.chars().anyMatch(c -> LookAlikes.of((char) c) != c);
      }
    };
  }

  /** Back over so many characters of the tree: white space counts once. */
  private static int startOf(String text, int end, int length) {
    int at = end;
    for (int left = length; left > 0; left--) {
      at--;
      if (isSpace(text.charAt(at))) {
        while (isSpace(text.charAt(at - 1))) {
          at--; // a term neither begins nor ends with white space
        }
      }
    }
    return at;
  }
}
