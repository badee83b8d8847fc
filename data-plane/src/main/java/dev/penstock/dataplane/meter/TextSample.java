package dev.penstock.dataplane.meter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A text as far as an estimate needs it: how long it is, and how it begins. Holds what was said;
 * nothing shows it. Owned by one exchange.
 *
 * <p>Lengths are in a unit of the caller's: bytes of JSON text, or characters.
 */
final class TextSample {

  private static final int FIRST_BYTES = 256;
  private static final byte[] NOTHING = {};

  private final int maxBytes;
  private byte[] bytes = NOTHING;
  private int kept;
  private boolean full;
  private boolean json;
  private long length;
  private long sampledLength;

  /**
   * @param maxBytes of the beginning that is kept; memory is taken as it is needed
   */
  TextSample(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** A piece as it stands between the quotes of a JSON string. */
  void add(byte[] from, int start, int end) {
    length += end - start;
    if (!full) {
      json = true;
      sampledLength += keep(from, start, end - start);
    }
  }

  void add(String text) {
    length += text.length();
    if (!full) {
      String beginning = text.length() > maxBytes ? text.substring(0, maxBytes) : text;
      byte[] utf8 = beginning.getBytes(StandardCharsets.UTF_8);
      int taken = keep(utf8, 0, utf8.length);
      sampledLength += taken == utf8.length ? beginning.length() : charsIn(utf8, taken);
    }
  }

  private static int charsIn(byte[] utf8, int taken) {
    return new String(utf8, 0, taken, StandardCharsets.UTF_8).length();
  }

  private int keep(byte[] from, int start, int size) {
    int taken = Math.min(size, maxBytes - kept);
    if (kept + taken > bytes.length) {
      int room = Math.max(FIRST_BYTES, Math.max(2 * bytes.length, kept + taken));
      bytes = Arrays.copyOf(bytes, Math.min(maxBytes, room));
    }
    System.arraycopy(from, start, bytes, kept, taken);
    kept += taken;
    full = kept == maxBytes;
    return taken;
  }

  /** Of everything that was added. */
  long length() {
    return length;
  }

  /** Of what {@link #beginning} shows. */
  long sampledLength() {
    return sampledLength;
  }

  /** How the text begins; a character that is cut at its end may be another one. */
  String beginning() {
    String text = new String(bytes, 0, kept, StandardCharsets.UTF_8);
    return json && text.indexOf('\\') >= 0 ? unescaped(text) : text;
  }

  /** RFC 8259, section 7; an escape that is cut is left out. */
  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\\') {
        plain.append(c);
      } else if (at < text.length()) {
        char escape = text.charAt(at++);
        if (escape != 'u') {
          plain.append(plain(escape));
        } else {
          if (at + 4 <= text.length()) {
            plain.append(unit(text, at));
          }
          at += 4;
        }
      }
    }
    return plain.toString();
  }

  private static char plain(char escape) {
    return switch (escape) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> escape;
    };
  }

  private static char unit(String text, int at) {
    int unit = 0;
    for (int i = at; i < at + 4; i++) {
      unit = (unit << 4) | Math.max(0, Character.digit(text.charAt(i), 16));
    }
    return (char) unit;
  }

  @Override
  public String toString() {
    return "TextSample[" + kept + " of " + length + "]";
  }
}
