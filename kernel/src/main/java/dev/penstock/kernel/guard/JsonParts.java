package dev.penstock.kernel.guard;

import java.util.function.Consumer;

/**
 * What the characters of a growing JSON text are: of a string, of a number or word outside of one,
 * or of the frame. It takes any text, and what is no JSON comes apart somehow. Of one thread.
 */
final class JsonParts {

  enum Part {
    /** Between the quotes of a string. */
    STRING,
    /** Of a number, true, false or null; whatever else stands outside of strings, too. */
    SCALAR,
    /** Quotes, braces, brackets, commas, colons and white space. */
    FRAME
  }

  /** A number or word that is there as a whole, in characters since the text began. */
  record Scalar(long start, long end) {}

  private static final String FRAME = "{}[],: \t\n\r";
  private static final long NONE = -1;

  private final Consumer<Scalar> scalars;
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
    Part part = part(c);
    if (part == Part.SCALAR && scalar == NONE) {
      scalar = read;
    } else if (part != Part.SCALAR) {
      end();
    }
    read++;
    return part;
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
  }

  /** Up to where no number or word is unfinished. */
  long wholeUpTo() {
    return scalar == NONE ? read : scalar;
  }
}
