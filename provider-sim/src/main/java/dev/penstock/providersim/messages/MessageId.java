package dev.penstock.providersim.messages;

import dev.penstock.providersim.dialect.RandomId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What names an answer. */
record MessageId(String id, String model) {
  static MessageId fresh(String model) {
    return new MessageId(RandomId.of("msg_01", 22), model);
  }

  static String toolUse(@Nullable String scripted) {
    return Optional.ofNullable(scripted).orElseGet(() -> RandomId.of("toolu_01", 22));
  }
}
