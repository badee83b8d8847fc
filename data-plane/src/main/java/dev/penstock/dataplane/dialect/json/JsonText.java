package dev.penstock.dataplane.dialect.json;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** Writes a text as it stands between the quotes of a JSON string (RFC 8259, section 7). */
public final class JsonText {

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int LONGEST = 6; // as an escape with four digits

  private JsonText() {}

  /** The text in quotes, as bytes. */
  public static byte[] quoted(String text) {
    Buffer out = Buffer.buffer().appendByte((byte) '"');
    append(out, text);
    return out.appendByte((byte) '"').getBytes();
  }

  /**
   * Appends the text without quotes. Half a character is escaped: providers cut between the halves,
   * and a client that joins the pieces has the whole again.
   */
  public static void append(Buffer out, String text) {
    byte[] bytes = new byte[text.length() * LONGEST];
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        at = ascii(bytes, at, c);
      } else if (c < 0x800) {
        bytes[at++] = (byte) (0xC0 | c >> 6);
        bytes[at++] = (byte) (0x80 | c & 0x3F);
      } else if (!Character.isSurrogate(c)) {
        bytes[at++] = (byte) (0xE0 | c >> 12);
        bytes[at++] = (byte) (0x80 | c >> 6 & 0x3F);
        bytes[at++] = (byte) (0x80 | c & 0x3F);
      } else if (isPair(text, i)) {
        at = pair(bytes, at, Character.toCodePoint(c, text.charAt(++i)));
      } else {
        at = escape(bytes, at, c);
      }
    }
    out.appendBytes(bytes, 0, at);
  }

  private static boolean isPair(String text, int at) {
    return at + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
  }

  private static int ascii(byte[] bytes, int from, char c) {
    int at = from;
    if (c < 0x20) {
      return escape(bytes, at, c);
    }
    if (c == '"' || c == '\\') {
      bytes[at++] = '\\';
    }
    bytes[at++] = (byte) c;
    return at;
  }

  private static int pair(byte[] bytes, int from, int codePoint) {
    int at = from;
    bytes[at++] = (byte) (0xF0 | codePoint >> 18);
    bytes[at++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
    bytes[at++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
    bytes[at++] = (byte) (0x80 | codePoint & 0x3F);
    return at;
  }

  private static int escape(byte[] bytes, int from, char c) {
    int at = from;
    bytes[at++] = '\\';
    if (c == '\n') {
      bytes[at++] = 'n';
      return at;
    }
    bytes[at++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      bytes[at++] = HEX[c >> shift & 0xF];
    }
    return at;
  }
}
