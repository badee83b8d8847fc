package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.dialect.ModelEvent.Ended;
import dev.penstock.dataplane.dialect.ModelEvent.Failed;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever a provider sends, a decoder keeps to the order of events, ends once at most, and finds
 * no fault but {@link MalformedAnswer}; and every encoder writes what it is then given, or says
 * that its dialect has no form for it.
 */
class AnswerFuzzTest {

  private static final int TRIES = 400;

  /** A recorded stream, and how it is to be damaged. */
  record Damaged(Codec from, GoldenCase golden, long seed) {}

  @Property(tries = TRIES)
  void aDamagedStreamNeverBreaksTheOrder(@ForAll("streams") Damaged damaged) {
    byte[] sse = damaged.golden().input("stream.sse").orElseThrow();
    Random random = new Random(damaged.seed());
    List<String> events = new ArrayList<>(Replay.split(sse));
    damage(events, random);

    List<ModelEvent> told = Replay.lenient(damaged.from(), bytes(events));

    assertThat(told.stream().filter(it -> it instanceof Ended || it instanceof Failed).count())
        .isLessThanOrEqualTo(1);
    for (Codec to : Codecs.all().values()) {
      assertThat(Replay.written(to, told, "req_fuzz")).isNotEmpty();
    }
  }

  @Property(tries = TRIES)
  void aDamagedAnswerIsMalformedAtWorst(@ForAll("wholes") Damaged damaged) {
    byte[] body = damaged.golden().input("whole.json").orElseThrow();
    Random random = new Random(damaged.seed());
    flip(body, random);
    List<ModelEvent> told = new ArrayList<>();
    try {
      damaged.from().fromProvider().whole(body, told::add);
    } catch (MalformedAnswer malformed) {
      assertThat(malformed.getMessage()).isNotEmpty();
    }

    EventOrder.check(told);
    if (told.contains(new Ended())) {
      Codecs.all().values().forEach(to -> assertWritten(to, told));
    }
  }

  private static void assertWritten(Codec to, List<ModelEvent> told) {
    AnswerEncoder encoder = Replay.encoder(to, false);
    told.forEach(event -> encoder.event(event, Buffer.buffer()));

    try {
      assertThat(encoder.whole().length()).isPositive();
    } catch (RefusedException hasNoForm) {
      assertThat(hasNoForm.refusal().code()).isEqualTo(Code.UPSTREAM_ERROR);
    }
  }

  @Property(tries = TRIES)
  void anErrorIsReadWhateverItsBody(@ForAll("wholes") Damaged damaged, @ForAll byte[] body) {
    byte[] recorded = damaged.golden().input("whole.json").orElseThrow();
    flip(recorded, new Random(damaged.seed()));
    AnswerDecoder decoder = damaged.from().fromProvider();

    assertThat(decoder.error(500, body).message()).isNotNull();
    assertThat(decoder.error(400, recorded).status()).isEqualTo(400);
  }

  private static void damage(List<String> events, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> Collections.shuffle(events, random);
      case 1 -> events.add(random.nextInt(events.size() + 1), events.getFirst());
      case 2 -> events.remove(random.nextInt(events.size()));
      default -> {
        int at = random.nextInt(events.size());
        byte[] event = events.get(at).getBytes(StandardCharsets.UTF_8);
        flip(event, random);
        events.set(at, new String(event, StandardCharsets.ISO_8859_1));
      }
    }
  }

  /** Replaces some bytes, by others that mean something in JSON most of the time. */
  private static void flip(byte[] bytes, Random random) {
    String telling = "{}[]\",:0-1eE\\ntu\u0000\u00ff";
    for (int i = 0; i <= random.nextInt(4); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) telling.charAt(random.nextInt(telling.length()));
    }
  }

  private static byte[] bytes(List<String> events) {
    return String.join("", events).getBytes(StandardCharsets.UTF_8);
  }

  @Provide
  Arbitrary<Damaged> streams() {
    return damaged("stream.sse");
  }

  @Provide
  Arbitrary<Damaged> wholes() {
    return damaged("whole.json");
  }

  private static Arbitrary<Damaged> damaged(String input) {
    List<Damaged> cases = new ArrayList<>();
    for (Codec codec : Codecs.all().values()) {
      for (GoldenCase golden : GoldenCase.all(codec.dialect())) {
        if (golden.input(input).isPresent()) {
          cases.add(new Damaged(codec, golden, 0));
        }
      }
    }
    return Arbitraries.of(cases)
        .flatMap(it -> Arbitraries.longs().map(seed -> new Damaged(it.from(), it.golden(), seed)));
  }
}
