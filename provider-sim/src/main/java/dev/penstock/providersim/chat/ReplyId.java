package dev.penstock.providersim.chat;

import dev.penstock.providersim.dialect.RandomId;
import java.time.Instant;

/** What names an answer: the same in all of its chunks. */
record ReplyId(String id, long created, String model) {
  static final String FINGERPRINT = "fp_44709d6fcb";
  private static final int ID_LENGTH = 29;

  static ReplyId fresh(String model) {
    return new ReplyId(RandomId.of("chatcmpl-", ID_LENGTH), Instant.now().getEpochSecond(), model);
  }

  /** The id of a call whose script has none. */
  static String callId() {
    return RandomId.of("call_", 24);
  }
}
