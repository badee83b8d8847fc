package dev.penstock.dataplane.dialect.openai.chat;

import java.util.Base64;

/**
 * What audio is, by its first bytes: Mistral's clients do not tell it, and OpenAI has to be told.
 * Sources: Microsoft's RIFF and ID3v2 for the tags, ISO 11172-3, 2.4.2.3 for a frame of MP3.
 */
final class AudioFormat {

  private static final int HEAD_CHARS = 16; // of base64, which are 12 bytes

  private AudioFormat() {}

  /** {@code wav}, {@code mp3} or, where it is neither or no base64, empty. */
  static String of(String base64) {
    if (base64.length() < HEAD_CHARS) {
      return "";
    }
    try {
      byte[] head = Base64.getDecoder().decode(base64.substring(0, HEAD_CHARS));
      if (has(head, 0, "RIFF") && has(head, 8, "WAVE")) {
        return "wav";
      }
      return has(head, 0, "ID3") || isFrame(head) ? "mp3" : "";
    } catch (IllegalArgumentException notBase64) {
      return "";
    }
  }

  private static boolean has(byte[] head, int at, String letters) {
    for (int i = 0; i < letters.length(); i++) {
      if (at + i >= head.length || head[at + i] != letters.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Eleven bits set, then a version that is not reserved, then layer III. */
  private static boolean isFrame(byte[] head) {
    return head.length > 1
        && (head[0] & 0xFF) == 0xFF
        && (head[1] & 0xE0) == 0xE0
        && (head[1] & 0x18) != 0x08
        && (head[1] & 0x06) == 0x02;
  }
}
