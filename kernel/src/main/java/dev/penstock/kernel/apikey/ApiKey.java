package dev.penstock.kernel.apikey;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * An API key {@code pens_<env>_<id10>_<secret32>_<crc6>}.
 *
 * <p>Id, secret and checksum are base62; the checksum is the CRC-32 of everything before its
 * underscore, so that a secret scanner tells a real key from a look-alike without asking anybody.
 * {@link #toString} hides the secret.
 *
 * @param id the ten characters by which a key is looked up; not secret
 * @param text the whole key
 */
public record ApiKey(String id, String text) {

  private static final String PREFIX = "pens_";
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ID_LENGTH = 10;
  private static final int SECRET_LENGTH = 32;
  private static final int CRC_LENGTH = 6;
  private static final int MAX_ENV_LENGTH = 16;
  private static final int TAIL_LENGTH = 1 + ID_LENGTH + 1 + SECRET_LENGTH + 1 + CRC_LENGTH;

  /** Makes a new key. {@code env} is 1 to 16 lower-case letters or digits, e.g. {@code live}. */
  public static ApiKey mint(String env, SecureRandom random) {
    if (!isEnv(env)) {
      throw new IllegalArgumentException("env: \"" + env + "\" (expected: [a-z0-9]{1,16})");
    }
    String id = randomText(random, ID_LENGTH);
    String body = PREFIX + env + "_" + id + "_" + randomText(random, SECRET_LENGTH);
    return new ApiKey(id, body + "_" + crc(body));
  }

  /** Reads a key. Empty if the form or the checksum is wrong: then no look-up is worth its cost. */
  public static Optional<ApiKey> parse(String text) {
    int tail = text.length() - TAIL_LENGTH;
    if (!text.startsWith(PREFIX)
        || tail <= PREFIX.length()
        || tail > PREFIX.length() + MAX_ENV_LENGTH
        || !isEnv(text.substring(PREFIX.length(), tail))) {
      return Optional.empty();
    }
    int id = tail + 1;
    int secret = id + ID_LENGTH + 1;
    int crc = secret + SECRET_LENGTH + 1;
    boolean wellFormed =
        text.charAt(tail) == '_'
            && text.charAt(secret - 1) == '_'
            && text.charAt(crc - 1) == '_'
            && isBase62(text, id, ID_LENGTH)
            && isBase62(text, secret, SECRET_LENGTH)
            && crc(text.substring(0, crc - 1)).equals(text.substring(crc));
    return wellFormed
        ? Optional.of(new ApiKey(text.substring(id, id + ID_LENGTH), text))
        : Optional.empty();
  }

  /** Whether a text looks like a Penstock key, so that it is refused as a provider's key. */
  public static boolean looksLikeOne(String text) {
    return text.startsWith(PREFIX);
  }

  private static boolean isEnv(String env) {
    return !env.isEmpty()
        && env.length() <= MAX_ENV_LENGTH
        && env.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
  }

  private static boolean isBase62(String text, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (ALPHABET.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private static String randomText(SecureRandom random, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private static String crc(String body) {
    CRC32 crc = new CRC32();
    for (int i = 0; i < body.length(); i++) {
      crc.update(body.charAt(i)); // the parts before it have been seen to be ASCII
    }
    char[] digits = new char[CRC_LENGTH];
    long rest = crc.getValue();
    for (int i = CRC_LENGTH - 1; i >= 0; i--) {
      digits[i] = ALPHABET.charAt((int) (rest % ALPHABET.length()));
      rest /= ALPHABET.length();
    }
    return new String(digits);
  }

  @Override
  public String toString() {
    return "ApiKey[" + id + "]";
  }
}
