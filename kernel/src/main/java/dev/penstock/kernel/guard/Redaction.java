package dev.penstock.kernel.guard;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A placeholder in the place of a part of a text.
 *
 * @param from first character in the text
 * @param to after the last one
 * @param placeholder needs no escape in JSON
 */
public record Redaction(int from, int to, String placeholder) {

  /**
   * In the order of the text and apart from each other: what overlaps becomes one, with the
   * placeholder of what begins first, else of the longer one, else of what was found first.
   *
   * @param found in the order in which they were found
   */
  public static List<Redaction> merged(List<Redaction> found) {
    List<Redaction> sorted = new ArrayList<>(found); // stable: of equal ones the first stays first
    sorted.sort(
        Comparator.comparingInt(Redaction::from)
            .thenComparing(Comparator.comparingInt(Redaction::to).reversed()));
    List<Redaction> merged = new ArrayList<>();
    for (Redaction each : sorted) {
      Redaction last = merged.isEmpty() ? each : merged.getLast();
      if (merged.isEmpty() || each.from() >= last.to()) {
        merged.add(each);
      } else if (each.to() > last.to()) {
        merged.set(merged.size() - 1, new Redaction(last.from(), each.to(), last.placeholder()));
      }
    }
    return merged;
  }

  /**
   * A text as it is left.
   *
   * @param parts in order, without overlaps
   */
  public static String applied(String text, List<Redaction> parts) {
    if (parts.isEmpty()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    for (Redaction part : parts) {
      out.append(text, copied, part.from()).append(part.placeholder());
      copied = part.to();
    }
    return out.append(text, copied, text.length()).toString();
  }
}
