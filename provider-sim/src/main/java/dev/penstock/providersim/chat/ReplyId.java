package dev.penstock.providersim.chat;

import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** What names an answer: the same in all of its chunks. */
public record ReplyId(String id, long created, String model) {
  static final String FINGERPRINT = "fp_44709d6fcb";
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 29;

  public static ReplyId fresh(String model) {
    StringBuilder id = new StringBuilder("chatcmpl-");
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return new ReplyId(id.toString(), Instant.now().getEpochSecond(), model);
  }
}
