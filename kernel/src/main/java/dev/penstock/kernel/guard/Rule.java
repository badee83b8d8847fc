package dev.penstock.kernel.guard;

import java.util.Objects;

/**
 * What exactly was found; it never tells the text.
 *
 * @param name such as {@code email}, {@code aws-access-key} or {@code terms[3]}
 * @param placeholder what takes the place of the text where it is redacted; needs no escape in JSON
 */
public record Rule(String name, String placeholder) {

  public Rule {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(placeholder, "placeholder");
  }

  static Rule of(PiiEntity entity) {
    return new Rule(entity.word(), "[" + entity.name().replace('_', '-') + "]");
  }

  static Rule ofSecret(String name) {
    return new Rule(name, "[SECRET]");
  }

  static Rule ofTerm(int index) {
    return new Rule("terms[" + index + "]", "[TERM]");
  }

  static Rule ofPattern() {
    return new Rule("pattern", "[PATTERN]");
  }

  static Rule ofInjection(String name) {
    return new Rule(name, "[INJECTION]");
  }

  /** Nothing takes the place of a text that is too long: it is refused or goes on. */
  static Rule ofSize() {
    return new Rule("size", "");
  }
}
