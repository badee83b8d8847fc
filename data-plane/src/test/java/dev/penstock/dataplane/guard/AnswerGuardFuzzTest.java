package dev.penstock.dataplane.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.PiiEntity;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever a provider sends: a guard takes it or says that it is malformed, and keeps its bounds.
 */
class AnswerGuardFuzzTest {

  private static final Detector[] DETECTORS = {
    new Detector.Pii(List.of(PiiEntity.values()), Action.REDACT),
    new Detector.Secrets(Action.REDACT),
    new Detector.Matching("a[^b]*b", Action.REDACT)
  };

  /** Pieces of events of all dialects, and of what is none. */
  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u00e",
            "\"choices\":[",
            "\"delta\":{",
            "\"content\":\"",
            "\"index\":-1",
            "\"index\":99999999999",
            "\"index\":1.5",
            "\"tool_calls\":[{\"function\":{\"arguments\":\"",
            "\"finish_reason\":\"stop\"",
            "\"type\":\"content_block_delta\"",
            "\"type\":\"response.output_text.delta\"",
            "\"delta\":\"",
            "\"partial_json\":\"",
            "\"logprobs\":",
            "\"usage\":{}",
            "\"sequence_number\":",
            "null",
            "1e9",
            "4111111111111111",
            "bob@acme.example",
            "AKIA",
            "é",
            "\ud83d",
            "\u0000",
            " ",
            "[DONE]",
            "-----BEGIN PRIVATE KEY-----")
        .list()
        .ofMinSize(1)
        .ofMaxSize(20);
  }

  @Provide
  Arbitrary<List<List<String>>> events() {
    return pieces().list().ofMaxSize(5);
  }

  @Property(tries = 4_000)
  void nothingBreaksIt(@ForAll Dialect dialect, @ForAll("events") List<List<String>> events) {
    Guarded guarded = new Guarded(dialect, false, DETECTORS);
    try {
      for (List<String> event : events) {
        String data = String.join("", event).replace("\n", "").replace("\r", "");
        guarded.read("data: " + data + "\n\n");
        guarded.read("data: {" + data + "}\n\n");
      }
      guarded.settle();
      guarded.guard.last(Buffer.buffer("data: {\"type\":\"message_stop\"}\n\n"));
    } catch (MalformedAnswer malformed) {
      assertThat(malformed).hasMessageContaining("no JSON");
    }
  }

  @Property(tries = 2_000)
  void aWholeAnswerDoesNotEither(@ForAll Dialect dialect, @ForAll("pieces") List<String> pieces) {
    Guarded guarded = new Guarded(dialect, false, DETECTORS);
    try {
      guarded.guard.whole(Buffer.buffer("{" + String.join("", pieces) + "}"));
    } catch (MalformedAnswer malformed) {
      assertThat(malformed).hasMessageContaining("no JSON");
    }
  }
}
