package dev.penstock.dataplane.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.penstock.dataplane.dialect.ModelEvent.Ended;
import dev.penstock.dataplane.dialect.ModelEvent.KeepAlive;
import dev.penstock.dataplane.dialect.ModelEvent.UsageReported;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.kernel.snapshot.UnsupportedFields;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every folder {@code dialect/<dialect>/<case>} of the test resources holds what a client or a
 * provider of that dialect sends, and beside it what each other dialect makes of it:
 *
 * <ul>
 *   <li>{@code request.json}: a client's request; {@code request.<to>.json} is the provider's, with
 *       {@code request.<to>.dropped.json} where fields are dropped, or {@code
 *       request.<to>.refused.json} in its place;
 *   <li>{@code stream.sse}: a provider's stream; {@code stream.<to>.sse} is the client's;
 *   <li>{@code whole.json}: a provider's whole answer; {@code whole.<to>.json} is the client's;
 *   <li>{@code error-<status>.json}: a provider's error; {@code error.<to>.json} is the client's.
 * </ul>
 *
 * <p>With {@code -Dgolden=write} the expectations are written instead.
 */
class GoldenTest {

  private static final String REQUEST_ID = "req_golden";

  @TestFactory
  Stream<DynamicContainer> everyCase() {
    return Codecs.all().values().stream()
        .flatMap(codec -> GoldenCase.all(codec.dialect()).stream().map(it -> container(codec, it)));
  }

  private static DynamicContainer container(Codec from, GoldenCase golden) {
    List<DynamicTest> tests = new ArrayList<>();
    for (Codec to : Codecs.all().values()) {
      String word = to.dialect().word();
      golden
          .input("request.json")
          .ifPresent(body ->
              tests.add(dynamicTest("request to " + word, () -> request(from, to, golden))));
      golden
          .input("stream.sse")
          .ifPresent(sse ->
              tests.add(dynamicTest("stream to " + word, () -> stream(from, to, golden, sse))));
      golden
          .input("whole.json")
          .ifPresent(body ->
              tests.add(dynamicTest("whole to " + word, () -> whole(from, to, golden, body))));
      golden
          .error()
          .ifPresent(error ->
              tests.add(dynamicTest("error to " + word, () -> error(from, to, golden, error))));
    }
    golden
        .input("stream.sse")
        .ifPresent(sse -> {
          tests.add(dynamicTest("byte by byte", () -> byteByByte(from, sse)));
          tests.add(dynamicTest("cut at each event", () -> cut(from, sse)));
        });
    assertThat(tests).as("%s holds no input", golden).isNotEmpty();
    return dynamicContainer(golden.toString(), tests);
  }

  private static void request(Codec from, Codec to, GoldenCase golden) {
    String prefix = "request." + to.dialect().word();
    Optional<String> body = Optional.empty();
    Optional<String> dropped = Optional.empty();
    Optional<String> refused = Optional.empty();
    try {
      ModelRequest request = from.requests().decode(golden.json("request.json"));
      if (from.dialect() != to.dialect()) {
        List<String> lost = Losses.of(request, to.dialect(), Set.of(), UnsupportedFields.REFUSE);
        dropped = lost.isEmpty() ? Optional.empty() : Optional.of(GoldenCase.pretty(lost));
      }
      Buffer encoded = to.toProvider().encode(request, Replay.target(to.dialect()));
      body = Optional.of(GoldenCase.prettyJson(encoded));
    } catch (RefusedException no) {
      Refusal refusal = no.refusal();
      refused =
          Optional.of(
              GoldenCase.pretty(List.of(refusal.code().text(), refusal.param().orElse("-"))));
      dropped = Optional.empty();
    }
    golden.expect(prefix + ".json", body);
    golden.expect(prefix + ".dropped.json", dropped);
    golden.expect(prefix + ".refused.json", refused);
  }

  private static void stream(Codec from, Codec to, GoldenCase golden, byte[] sse) {
    List<ModelEvent> events = Replay.whole(from, sse);
    String written = Replay.written(to, events, REQUEST_ID);

    golden.expect("stream." + to.dialect().word() + ".sse", Optional.of(written));
  }

  private static void whole(Codec from, Codec to, GoldenCase golden, byte[] body)
      throws MalformedAnswer {
    List<ModelEvent> events = new ArrayList<>();
    from.fromProvider().whole(body, events::add);
    EventOrder.check(events);
    assertThat(events).as("what says that it is complete").endsWith(new Ended());
    AnswerEncoder encoder = Replay.encoder(to, false);
    Buffer nothing = Buffer.buffer();
    events.forEach(event -> encoder.event(event, nothing));

    assertThat(nothing.length()).isZero();
    golden.expect(
        "whole." + to.dialect().word() + ".json",
        Optional.of(GoldenCase.prettyJson(encoder.whole())));
  }

  private static void error(Codec from, Codec to, GoldenCase golden, GoldenCase.Error error) {
    ProviderError found = from.fromProvider().error(error.status(), error.body());

    assertThat(found.status()).isEqualTo(error.status());
    golden.expect(
        "error." + to.dialect().word() + ".json",
        Optional.of(GoldenCase.prettyJson(to.providerError(found, REQUEST_ID))));
  }

  private static void byteByByte(Codec from, byte[] sse) {
    assertThat(Replay.byteByByte(from, sse)).isEqualTo(Replay.whole(from, sse));
  }

  /** Whatever is missing of the answer, its end is no clean one. */
  private static void cut(Codec from, byte[] sse) {
    List<ModelEvent> all = Replay.whole(from, sse);
    List<String> events = Replay.split(sse);
    for (int given = 0; given < events.size(); given++) {
      String start = String.join("", events.subList(0, given));
      List<ModelEvent> some = Replay.whole(from, start.getBytes(StandardCharsets.UTF_8));
      boolean complete = said(some).equals(said(all));

      assertThat(complete || !some.contains(new Ended())).as("cut after %d", given).isTrue();
    }
  }

  private static List<ModelEvent> said(List<ModelEvent> events) {
    return events.stream()
        .filter(event -> !(event instanceof UsageReported || event instanceof KeepAlive))
        .toList();
  }
}
