package dev.penstock.providersim.dialect;

import java.util.concurrent.ThreadLocalRandom;

/** Ids of answers and calls. */
public final class RandomId {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private RandomId() {}

  /** The prefix and so many letters and digits. */
  public static String of(String prefix, int length) {
    StringBuilder id = new StringBuilder(prefix);
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < length; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
