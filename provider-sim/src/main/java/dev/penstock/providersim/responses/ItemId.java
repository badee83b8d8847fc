package dev.penstock.providersim.responses;

import dev.penstock.providersim.dialect.RandomId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ids of items. */
final class ItemId {
  private static final int LENGTH = 48;

  private ItemId() {}

  static String message() {
    return RandomId.of("msg_", LENGTH);
  }

  static String reasoning() {
    return RandomId.of("rs_", LENGTH);
  }

  static ResponseItems.Call call(@Nullable String scripted, String name) {
    return new ResponseItems.Call(
        RandomId.of("fc_", LENGTH),
        Optional.ofNullable(scripted).orElseGet(() -> RandomId.of("call_", 24)),
        name);
  }
}
