package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.listing.Field.Type;
import dev.penstock.controlplane.problem.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What rows of spend can be told apart by. */
sealed interface SpendLabel {

  /** As parameters and answers name it. */
  String word();

  /** Where its values are in the database. */
  String column();

  /** Whether the sums by tag know it, too. */
  boolean goesWithTags();

  /** A label that every request has. */
  enum Plain implements SpendLabel {
    TENANT("tenant", "tenant", true),
    API_KEY("apiKey", "api_key", false),
    SUBJECT("subject", "subject", false),
    MODEL("model", "model", true),
    PROVIDER("provider", "provider", true),
    REGION("region", "region", false);

    private final String word;
    private final String column;
    private final boolean goesWithTags;

    Plain(String word, String column, boolean goesWithTags) {
      this.word = word;
      this.column = column;
      this.goesWithTags = goesWithTags;
    }

    @Override
    public String word() {
      return word;
    }

    @Override
    public String column() {
      return column;
    }

    @Override
    public boolean goesWithTags() {
      return goesWithTags;
    }
  }

  /** The value of a tag; empty for requests without it. */
  record Tag(String name) implements SpendLabel {

    private static final String PREFIX = "tags.";

    @Override
    public String word() {
      return PREFIX + name;
    }

    @Override
    public String column() {
      return "value";
    }

    @Override
    public boolean goesWithTags() {
      return true;
    }
  }

  /** The label that a parameter names; empty where it names none. */
  static Optional<SpendLabel> named(String word) {
    if (word.startsWith(Tag.PREFIX) && word.length() > Tag.PREFIX.length()) {
      return Optional.of(new Tag(word.substring(Tag.PREFIX.length())));
    }
    return Arrays.stream(Plain.values())
        .filter(label -> label.word.equals(word))
        .<SpendLabel>map(label -> label)
        .findFirst();
  }

  /** Reads {@code groupBy}. */
  static List<SpendLabel> list(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(SpendLabel::of).distinct().toList();
  }

  private static SpendLabel of(String word) {
    return named(word)
        .orElseThrow(() ->
            ProblemException.badRequest(
                "groupBy",
                "expected some of "
                    + Stream.concat(
                            Arrays.stream(Plain.values()).map(Plain::word), Stream.of("tags.NAME"))
                        .collect(Collectors.joining(", "))));
  }

  /** By which lists are filtered and sorted. */
  default Field field() {
    return new Field(word(), column(), Type.TEXT);
  }
}
