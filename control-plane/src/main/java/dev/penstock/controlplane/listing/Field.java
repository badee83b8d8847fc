package dev.penstock.controlplane.listing;

import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.problem.StorableTime;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * A field by which a list can be filtered and sorted.
 *
 * @param name as parameters name it; a name that ends in {@code .*} stands for the entries of a map
 * @param source where it is: a JSON pointer, or the attribute of an entity
 */
public record Field(String name, String source, Type type) {

  private static final String ENTRIES = ".*";
  private static final int MOST_DIGITS = 100;

  /** What a field holds. */
  public enum Type {
    TEXT("a text"),
    DECIMAL("a decimal number"),
    LONG("an integer"),
    INT("an integer"),
    TIME("a time such as 2026-01-01T00:00:00Z"),
    FLAG("true or false"),
    ID("a UUID");

    private final String expected;

    Type(String expected) {
      this.expected = expected;
    }
  }

  public Field {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(type, "type");
  }

  /** A text under {@code spec} of a manifest, at its own name. */
  public static Field text(String name) {
    return spec(name, Type.TEXT);
  }

  /** A field under {@code spec} of a manifest, at its own name. */
  public static Field spec(String name, Type type) {
    return new Field(name, "/spec/" + name.replace(ENTRIES, "").replace('.', '/'), type);
  }

  /** A field of a view that is its own JSON, at its own name. */
  public static Field ofView(String name, Type type) {
    return new Field(name, "/" + name, type);
  }

  /** An attribute of an entity, under its own name. */
  public static Field column(String name, Type type) {
    return new Field(name, name, type);
  }

  boolean holdsEntries() {
    return name.endsWith(ENTRIES);
  }

  /** The entry of a map that a parameter names, such as {@code tags.app}. */
  Field entry(String parameter) {
    String key = parameter.substring(name.length() - 1);
    return new Field(parameter, source + "/" + key.replace("~", "~0").replace("/", "~1"), type);
  }

  boolean isNamedBy(String parameter) {
    return holdsEntries()
        ? parameter.length() >= name.length()
            && parameter.startsWith(name.substring(0, name.length() - 1))
        : parameter.equals(name);
  }

  /** The value that a text stands for. */
  Comparable<?> value(String parameter, String text) {
    try {
      return switch (type) {
        case TEXT -> text;
        case DECIMAL -> decimal(text);
        case LONG -> Long.valueOf(text);
        case INT -> Integer.valueOf(text);
        case TIME -> time(text);
        case FLAG -> flag(text);
        case ID -> UUID.fromString(text);
      };
    } catch (DateTimeException | IllegalArgumentException malformed) {
      throw ProblemException.badRequest(parameter, "expected " + type.expected);
    }
  }

  /** Of as many digits as can be meant: some libraries write all of 1e999999999 out. */
  private static BigDecimal decimal(String text) {
    BigDecimal decimal = new BigDecimal(text);
    if (Math.abs((long) decimal.scale()) > MOST_DIGITS || decimal.precision() > MOST_DIGITS) {
      throw new IllegalArgumentException("too many digits");
    }
    return decimal;
  }

  private static Instant time(String text) {
    return StorableTime.of(Instant.parse(text));
  }

  private static Boolean flag(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("neither true nor false");
    }
    return Boolean.valueOf(text);
  }
}
