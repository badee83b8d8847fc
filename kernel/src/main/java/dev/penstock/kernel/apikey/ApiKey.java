package dev.penstock.kernel.apikey;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32;

/**
 * An API key {@code pens_<env>_<id10>_<secret32>_<crc6>}.
 *
 * <p>Id, secret and checksum are base62; the checksum is the CRC-32 of everything before its
 * underscore, so that a secret scanner tells a real key from a look-alike without asking anybody.
 * {@link #toString} hides the secret.
 *
 * @param text the whole key
 * @param number its id read as a number, by which it is looked up; not secret
 */
public record ApiKey(String text, long number) {

  private static final String PREFIX = "pens_";
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int FIRST_UPPER = ALPHABET.indexOf('A');
  private static final int FIRST_LOWER = ALPHABET.indexOf('a');
  private static final byte[] VALUES = values();
  private static final int ID_LENGTH = 10;
  private static final int SECRET_LENGTH = 32;
  private static final int CRC_LENGTH = 6;
  private static final int MAX_ENV_LENGTH = 16;
  private static final int TAIL_LENGTH = 1 + ID_LENGTH + 1 + SECRET_LENGTH + 1 + CRC_LENGTH;

  /** Makes a new key. {@code env} is 1 to 16 lower-case letters or digits, e.g. {@code live}. */
  public static ApiKey mint(String env, SecureRandom random) {
    byte[] letters = env.getBytes(StandardCharsets.ISO_8859_1);
    if (env.isEmpty() || env.length() > MAX_ENV_LENGTH || !isEnv(letters, 0, letters.length)) {
      throw new IllegalArgumentException("env: \"" + env + "\" (expected: [a-z0-9]{1,16})");
    }
    String id = randomText(random, ID_LENGTH);
    String body = PREFIX + env + "_" + id + "_" + randomText(random, SECRET_LENGTH);
    return new ApiKey(body + "_" + crc(body), numberOf(id).orElseThrow());
  }

  /** Reads a key. Empty if the form or the checksum is wrong: then no look-up is worth its cost. */
  public static Optional<ApiKey> parse(String text) {
    int tail = text.length() - TAIL_LENGTH;
    if (tail <= PREFIX.length()
        || tail > PREFIX.length() + MAX_ENV_LENGTH
        || !text.startsWith(PREFIX)) {
      return Optional.empty();
    }
    int id = tail + 1;
    int secret = id + ID_LENGTH + 1;
    int crc = secret + SECRET_LENGTH + 1;
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length != text.length()) {
      return Optional.empty(); // a pair of surrogates became one `?`
    }
    long number = numberAt(bytes, id);
    boolean wellFormed =
        number >= 0
            && bytes[tail] == '_'
            && bytes[secret - 1] == '_'
            && bytes[crc - 1] == '_'
            && isEnv(bytes, PREFIX.length(), tail)
            && isBase62(bytes, secret, SECRET_LENGTH)
            && hasCrc(bytes, crc);
    return wellFormed ? Optional.of(new ApiKey(text, number)) : Optional.empty();
  }

  /** The number of a key's id, at least 0; empty if no key can have this id. */
  public static OptionalLong numberOf(String id) {
    byte[] bytes = id.getBytes(StandardCharsets.ISO_8859_1);
    // The text's length does not say it: a pair of surrogates becomes one `?`.
    long number = bytes.length == ID_LENGTH ? numberAt(bytes, 0) : -1;
    return number >= 0 ? OptionalLong.of(number) : OptionalLong.empty();
  }

  /** The ten characters by which people tell keys apart; not secret. */
  public String id() {
    int id = text.length() - TAIL_LENGTH + 1;
    return text.substring(id, id + ID_LENGTH);
  }

  /** Whether a text looks like a Penstock key, so that it is refused as a provider's key. */
  public static boolean looksLikeOne(String text) {
    return text.startsWith(PREFIX);
  }

  private static boolean isEnv(byte[] text, int from, int to) {
    for (int i = from; i < to; i++) {
      int digit = valueOf(text[i]);
      if (digit < 0 || (digit >= FIRST_UPPER && digit < FIRST_LOWER)) {
        return false;
      }
    }
    return true;
  }

  /** The number that an id's characters are; negative if one of them is none of the alphabet. */
  private static long numberAt(byte[] text, int from) {
    long number = 0;
    int sign = 0;
    for (int i = from; i < from + ID_LENGTH; i++) {
      int digit = valueOf(text[i]);
      sign |= digit;
      number = number * ALPHABET.length() + digit; // 62^10 is less than 2^60
    }
    return sign < 0 ? -1 : number;
  }

  private static boolean isBase62(byte[] text, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (valueOf(text[i]) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The place of a character in the alphabet; negative if it has none. */
  private static int valueOf(byte character) {
    return VALUES[character & 0xFF];
  }

  private static byte[] values() {
    byte[] values = new byte[256];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < ALPHABET.length(); i++) {
      values[ALPHABET.charAt(i)] = (byte) i;
    }
    return values;
  }

  private static String randomText(SecureRandom random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  /** Whether the checksum that begins there is that of all before its underscore. */
  private static boolean hasCrc(byte[] text, int crc) {
    long rest = crcOf(text, crc - 1);
    for (int i = crc + CRC_LENGTH - 1; i >= crc; i--) {
      if (text[i] != ALPHABET.charAt((int) (rest % ALPHABET.length()))) {
        return false;
      }
      rest /= ALPHABET.length();
    }
    return true;
  }

  private static String crc(String body) {
    char[] digits = new char[CRC_LENGTH];
    long rest = crcOf(body.getBytes(StandardCharsets.ISO_8859_1), body.length());
    for (int i = CRC_LENGTH - 1; i >= 0; i--) {
      digits[i] = ALPHABET.charAt((int) (rest % ALPHABET.length()));
      rest /= ALPHABET.length();
    }
    return new String(digits);
  }

  private static long crcOf(byte[] text, int length) {
    CRC32 crc = new CRC32();
    crc.update(text, 0, length);
    return crc.getValue();
  }

  @Override
  public String toString() {
    return "ApiKey[" + id() + "]";
  }
}
