package dev.penstock.providersim.mistral;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.providersim.dialect.RandomId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What names an answer: the same in all of its chunks. */
record MistralId(String id, long created, String model) {
  static MistralId fresh(String model) {
    return new MistralId(
        UUID.randomUUID().toString().replace("-", ""), Instant.now().getEpochSecond(), model);
  }

  /** The fields that begin a chunk or a whole answer. */
  ObjectNode json(String object) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model);
  }

  static String call(@Nullable String scripted) {
    return Optional.ofNullable(scripted).orElseGet(() -> RandomId.of("", 9));
  }
}
