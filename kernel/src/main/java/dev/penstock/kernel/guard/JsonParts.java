package dev.penstock.kernel.guard;

import java.util.function.Consumer;

/**
 * What the characters of a growing JSON text are: of a string, of a number or word outside of one,
 * or of the frame. From where a text turns out to be no JSON, all of it is like a string. Of one
 * thread.
 */
final class JsonParts {

  enum Part {
    /** Between the quotes of a string. */
    STRING,
    /** Of a number, true, false or null. */
    SCALAR,
    /** Quotes, braces, brackets, commas, colons and white space. */
    FRAME
  }

  /** A number or word that is there as a whole, in characters since the text began. */
  record Scalar(long start, long end) {}

  private static final String FRAME = "{}[],: \t\n\r";
  private static final String NUMBER = "0123456789+-.eE";
  private static final long NONE = -1;

  private final Consumer<Scalar> scalars;
  private final StringBuilder word = new StringBuilder();
  private boolean broken;
  private boolean inString;
  private boolean escaped;
  private long scalar = NONE;
  private long read;

  JsonParts(Consumer<Scalar> scalars) {
    this.scalars = scalars;
  }

  void read(String text) {
    for (int i = 0; i < text.length(); i++) {
      next(text.charAt(i));
    }
  }

  Part next(char c) {
    Part part = broken ? Part.STRING : part(c);
    if (part == Part.SCALAR) {
      word.append(c);
      scalar = scalar == NONE ? read : scalar;
      broken = !mayBeScalar(word);
      if (broken) {
        scalar = NONE;
      }
    } else {
      end();
    }
    read++;
    return part;
  }

  private static boolean mayBeScalar(CharSequence word) {
    char last = word.charAt(word.length() - 1);
    return switch (word.charAt(0)) {
      case 't' -> "true".startsWith(word.toString());
      case 'f' -> "false".startsWith(word.toString());
      case 'n' -> "null".startsWith(word.toString());
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> NUMBER.indexOf(last) >= 0;
      default -> false;
    };
  }

  private Part part(char c) {
    if (!inString) {
      inString = c == '"';
      return inString || FRAME.indexOf(c) >= 0 ? Part.FRAME : Part.SCALAR;
    }
    if (escaped) {
      escaped = false;
    } else if (c == '\\') {
      escaped = true;
    } else if (c == '"') {
      inString = false;
      return Part.FRAME;
    }
    return Part.STRING;
  }

  /** The text ends here, and with it what stood at its end. */
  void end() {
    if (scalar != NONE) {
      scalars.accept(new Scalar(scalar, read));
      scalar = NONE;
    }
    word.setLength(0);
  }

  /** Whether it has turned out to be no JSON. */
  boolean isBroken() {
    return broken;
  }

  /** Up to where no number or word is unfinished. */
  long wholeUpTo() {
    return scalar == NONE ? read : scalar;
  }
}
