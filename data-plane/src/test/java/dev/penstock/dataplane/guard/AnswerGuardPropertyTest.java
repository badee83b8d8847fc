package dev.penstock.dataplane.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.penstock.dataplane.dialect.AnswerDecoder;
import dev.penstock.dataplane.dialect.AnswerEncoder;
import dev.penstock.dataplane.dialect.Codec;
import dev.penstock.dataplane.dialect.Codecs;
import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.FinishReason;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.dataplane.dialect.ModelEvent;
import dev.penstock.dataplane.dialect.ModelEvent.ArgumentsDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Block;
import dev.penstock.dataplane.dialect.ModelEvent.BlockEnded;
import dev.penstock.dataplane.dialect.ModelEvent.BlockStarted;
import dev.penstock.dataplane.dialect.ModelEvent.Finished;
import dev.penstock.dataplane.dialect.ModelEvent.ReasoningDelta;
import dev.penstock.dataplane.dialect.ModelEvent.Started;
import dev.penstock.dataplane.dialect.ModelEvent.TextDelta;
import dev.penstock.dataplane.dialect.ModelEvent.UsageReported;
import dev.penstock.dataplane.dialect.ModelRequest;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.money.Tokens;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Texts with planted finds, in every dialect, cut into events anywhere and read in any portions:
 * nothing that was planted is delivered; everything else is, in order and once.
 */
class AnswerGuardPropertyTest {

  private static final JsonMapper JSON = new JsonMapper();

  private static final Detector[] DETECTORS = {
    new Detector.Pii(
        List.of(PiiEntity.EMAIL, PiiEntity.CREDIT_CARD, PiiEntity.IBAN), Action.REDACT),
    new Detector.Terms(List.of("project falcon"), Action.REDACT),
    new Detector.Matching("ACME-[0-9]{6}", Action.REDACT)
  };

  /** A piece of text, and what is to become of it. */
  private record Part(String text, String becomes) {

    static Part kept(String text) {
      return new Part(text, text);
    }
  }

  private static final List<Part> PLANTED =
      List.of(
          new Part("bob@acme.example", "[EMAIL]"),
          new Part("4111 1111 1111 1111", "[CREDIT-CARD]"),
          new Part("DE89 3704 0044 0532 0130 00", "[IBAN]"),
          new Part("Project  Falcon", "[TERM]"),
          new Part("ACME-123456", "[PATTERN]"));

  @Provide
  Arbitrary<List<Part>> parts() {
    Arbitrary<Part> words =
        Arbitraries.of(
                "to", "the point", "in 2024", "é \"quoted\"", "😀", "proj", "x@", "4111", "{", "\n")
            .map(Part::kept);
    return Arbitraries.frequencyOf(Tuple.of(2, words), Tuple.of(1, Arbitraries.of(PLANTED)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(7);
  }

  @Provide
  Arbitrary<List<Integer>> sizes() {
    return Arbitraries.frequencyOf(
            Tuple.of(9, Arbitraries.integers().between(1, 12)),
            Tuple.of(1, Arbitraries.integers().between(60, 150)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(9);
  }

  private static String text(List<Part> parts) {
    return String.join("; ", parts.stream().map(Part::text).toList()) + ".";
  }

  private static String becomes(List<Part> parts) {
    return String.join("; ", parts.stream().map(Part::becomes).toList()) + ".";
  }

  private static String json(List<String> values) throws JsonProcessingException {
    Map<String, String> object = new TreeMap<>();
    for (int i = 0; i < values.size(); i++) {
      object.put("field" + i, values.get(i) + ";");
    }
    return JSON.writeValueAsString(object);
  }

  private static List<String> cut(String text, List<Integer> sizes) {
    List<String> pieces = new ArrayList<>();
    int at = 0;
    for (int i = 0; at < text.length(); i++) {
      int end = Math.min(text.length(), at + sizes.get(i % sizes.size()));
      if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
        end++;
      }
      pieces.add(text.substring(at, end));
      at = end;
    }
    return pieces;
  }

  @Property(tries = 1_500)
  void nothingPlantedIsDelivered(
      @ForAll Dialect dialect,
      @ForAll("parts") List<Part> thought,
      @ForAll("parts") List<Part> said,
      @ForAll("parts") List<Part> argued,
      @ForAll("sizes") List<Integer> cuts,
      @ForAll("sizes") List<Integer> reads)
      throws Exception {
    String arguments = json(argued.stream().map(Part::text).toList());
    List<ModelEvent> events = new ArrayList<>();
    events.add(new Started("answer_1", "model", 1));
    events.add(new BlockStarted(0, new Block.Reasoning()));
    cut(text(thought), cuts).forEach(piece -> events.add(new ReasoningDelta(0, piece)));
    events.add(new BlockEnded(0));
    events.add(new BlockStarted(1, new Block.Text()));
    cut(text(said), cuts).forEach(piece -> events.add(new TextDelta(1, piece)));
    events.add(new BlockEnded(1));
    events.add(new BlockStarted(2, new Block.ToolCall("call_1", "look")));
    cut(arguments, cuts).forEach(piece -> events.add(new ArgumentsDelta(2, piece)));
    events.add(new BlockEnded(2));
    events.add(new UsageReported(Tokens.NONE));
    events.add(new Finished(FinishReason.TOOL_CALLS, Optional.empty()));
    List<String> written = written(dialect, events);

    Guarded guarded = new Guarded(dialect, false, DETECTORS);
    String left = guarded.stream(written, reads);

    assertThat(guarded.guard.refusal()).isEmpty();
    assertThat(left)
        .doesNotContain("acme.example", "0044 0532", "123456")
        .doesNotContainIgnoringCase("falcon");
    Answer answer = Answer.of(dialect, left);
    assertThat(answer.said.toString()).isEqualTo(becomes(said));
    if (!answer.thought.isEmpty()) {
      assertThat(answer.thought.toString()).isEqualTo(becomes(thought));
    }
    assertThat(JSON.readTree(answer.argued.toString()))
        .isEqualTo(JSON.readTree(json(argued.stream().map(Part::becomes).toList())));
    assertThat(Guarded.events(left).size() - written.size())
        .as("no more than one event at the end of a text")
        .isBetween(-1, 3);
    assertThat(numbers(left)).isSorted().doesNotHaveDuplicates();
  }

  /** By which a response counts its events. */
  private static List<Integer> numbers(String sse) {
    return Pattern.compile("\"sequence_number\":([0-9]+)")
        .matcher(sse)
        .results()
        .map(match -> Integer.valueOf(match.group(1)))
        .toList();
  }

  private static List<String> written(Dialect dialect, List<ModelEvent> events) throws Exception {
    Codec codec = Codecs.of(dialect);
    ModelRequest request =
        Codecs.of(Dialect.OPENAI_RESPONSES)
            .requests()
            .decode(JSON.readTree("{\"model\":\"m\",\"input\":\"hi\",\"stream\":true}"));
    AnswerEncoder encoder = codec.toClient(request, "answer", Instant.EPOCH);
    Buffer out = Buffer.buffer();
    events.forEach(event -> encoder.event(event, out));
    return Guarded.events(out.appendBuffer(encoder.terminal()).toString(StandardCharsets.UTF_8));
  }

  /** What a client joins together. */
  private record Answer(StringBuilder thought, StringBuilder said, StringBuilder argued) {

    static Answer of(Dialect dialect, String sse) throws MalformedAnswer {
      Answer answer = new Answer(new StringBuilder(), new StringBuilder(), new StringBuilder());
      AnswerDecoder decoder = Codecs.of(dialect).fromProvider();
      for (String event : Guarded.events(sse)) {
        String data = event.substring(event.indexOf("data: ") + 6).strip();
        byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
        String name = event.startsWith("event: ") ? event.substring(7, event.indexOf('\n')) : "";
        decoder.event(name, bytes, 0, bytes.length, answer::add);
      }
      decoder.end(answer::add);
      return answer;
    }

    private void add(ModelEvent event) {
      switch (event) {
        case ReasoningDelta(_, String text) -> thought.append(text);
        case TextDelta(_, String text) -> said.append(text);
        case ArgumentsDelta(_, String json) -> argued.append(json);
        default -> {}
      }
    }
  }
}
