package dev.penstock.dataplane.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.dataplane.dialect.Dialect;
import dev.penstock.dataplane.dialect.MalformedAnswer;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.guard.Unscannable;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What leaves a guard, when, and what does not. */
class AnswerGuardTest {

  private static final Detector PII =
      new Detector.Pii(List.of(PiiEntity.EMAIL, PiiEntity.CREDIT_CARD), Action.REDACT);
  private static final Detector FALCON =
      new Detector.Terms(List.of("project falcon"), Action.BLOCK);

  private static String chunk(String delta) {
    return choice(0, delta);
  }

  private static String choice(int index, String delta) {
    return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"delta\":{%s},\"index\":%d,\"logprobs\":null}]}\n\n"
        .formatted(delta, index);
  }

  private static String says(String text) {
    return chunk("\"content\":\"" + text + "\"");
  }

  private static Guarded chat(Detector... detectors) {
    return new Guarded(Dialect.OPENAI_CHAT, false, detectors);
  }

  @TestFactory
  Stream<DynamicTest> aStreamInWhichNothingIsFoundKeepsItsBytes() throws IOException {
    Path root = Path.of("src/test/resources/dialect");
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.endsWith("stream.sse")).sorted().toList().stream()
          .map(file ->
              DynamicTest.dynamicTest(
                  root.relativize(file).toString(), () -> keepsBytes(root, file)));
    }
  }

  private static void keepsBytes(Path root, Path file) throws IOException, MalformedAnswer {
    String sse = Files.readString(file);
    String word = root.relativize(file).getName(0).toString();
    Dialect dialect =
        Stream.of(Dialect.values())
            .filter(each -> each.word().equals(word))
            .findFirst()
            .orElseThrow();
    for (int perRead : new int[] {1, 3, 1_000}) {
      Guarded guarded = new Guarded(dialect, false, PII, FALCON);
      List<String> events = Guarded.events(sse);
      assertThat(guarded.stream(events, List.of(perRead))).isEqualTo(String.join("", events));
    }
  }

  @Test
  void anEventLeavesAtOnceWhenNothingInItIsOpen() throws Exception {
    Guarded guarded = chat(PII);
    assertThat(guarded.read(says("It is done. ")).left()).isEqualTo(says("It is done. "));
    assertThat(guarded.read(says("Write")).left()).doesNotContain("Write");
    assertThat(guarded.read(says(" to")).left()).contains("Write").doesNotContain(" to");
    assertThat(guarded.read(says(" bob@acme.")).left()).contains(" to").doesNotContain("bob");
    assertThat(guarded.read(says("example, please. ")).left())
        .endsWith(says(" [EMAIL]") + says(", please. "));
    guarded.guard.record();
    assertThat(guarded.trace.decisions())
        .extracting(each -> each.reason())
        .containsExactly(
            "answer: guard acme/answers detectors[0] email: redact 1, the first at choices.delta.content, character 22",
            "answer: at most 9 characters waited");
  }

  /** What cannot be a part of a find leaves, and the rest goes with the next event. */
  @Test
  void aLongEventLeavesInTwoParts() throws Exception {
    Guarded guarded = chat(PII);
    String sure = "All that stands before the last word here has nothing to wait for, and ";
    guarded.read(says(sure + "bob@ac"));
    assertThat(guarded.left()).isEqualTo(says(sure));
    guarded.read(says("me.example, too. "));
    assertThat(guarded.left()).isEqualTo(says(sure) + says("[EMAIL], too. "));
    guarded.read(says(sure + "then"));
    guarded.settle();
    assertThat(guarded.left()).endsWith(says(sure) + says("then"));
  }

  @Test
  void theEndOfAChoiceDecides() throws Exception {
    Guarded guarded = chat(PII);
    guarded.read(says("bob@acme.example"));
    assertThat(guarded.left()).isEmpty();
    String end = "data: {\"choices\":[{\"delta\":{},\"index\":0,\"finish_reason\":\"stop\"}]}\n\n";
    assertThat(guarded.read(end).left()).isEqualTo(says("[EMAIL]") + end);
  }

  /** Choices, tool calls and fields are texts of their own, however they take turns. */
  @Test
  void textsThatTakeTurnsAreToldApart() throws Exception {
    Guarded guarded = chat(PII);
    for (String piece : List.of("bob@", "acme.", "exam", "ple. ")) {
      for (int choice = 0; choice < 3; choice++) {
        guarded.read(choice(choice, "\"content\":\"" + piece + "\""));
      }
      for (int call = 0; call < 2; call++) {
        guarded.read(
            chunk(
                "\"tool_calls\":[{\"function\":{\"arguments\":\"%s\"},\"index\":%d}]"
                    .formatted(piece.equals("bob@") ? "{\\\"a\\\":\\\"bob@" : piece, call)));
      }
    }
    String left = guarded.settle().left();
    assertThat(left).doesNotContain("bob", "acme", "exam");
    assertThat(left.split("\\[EMAIL]", -1)).hasSize(6);
  }

  @Test
  void aTextThatHasBeenLeftDoesNotHoldTheNext() throws Exception {
    Guarded guarded = chat(PII);
    guarded.read(chunk("\"reasoning_content\":\"hmm\""));
    for (int i = 0; i < 5; i++) {
      guarded.read(says(" word. "));
    }
    assertThat(guarded.left()).contains("hmm");
    assertThat(guarded.left().split("word", -1)).hasSizeGreaterThan(4);
  }

  @Test
  void whatIsBlockedEndsTheAnswer() throws Exception {
    Guarded guarded = chat(FALCON);
    guarded.read(says("all is well. "));
    guarded.read(says("about Project "));
    guarded.read(says("Falcon and "));
    assertThat(guarded.guard.refusal()).isPresent();
    assertThat(guarded.guard.refusal().get().message())
        .isEqualTo(
            "The guard acme/answers does not let this answer pass: its detector 0 (terms[0]) found something at choices.delta.content, character 20.");
    assertThat(guarded.left()).isEqualTo(says("all is well. "));
    assertThat(guarded.settle().left()).isEqualTo(says("all is well. "));
  }

  @Test
  void anObservedGuardHoldsAndChangesNothing() throws Exception {
    Guarded guarded = new Guarded(Dialect.OPENAI_CHAT, true, PII, FALCON);
    String sse = says("bob@acme.") + says("example on project fal") + says("con");
    assertThat(guarded.read(sse).left()).isEqualTo(sse);
    guarded.settle();
    assertThat(guarded.guard.refusal()).isEmpty();
    guarded.guard.record();
    assertThat(guarded.trace.decisions().toString())
        .contains("email: would redact 1", "terms[0]: would block 1", "guard_blocked");
  }

  @Test
  void moreThanMayWaitIsBlocked() throws Exception {
    Guarded guarded = chat(new Detector.Matching("begin.*end", Action.REDACT));
    guarded.read(says("begin"));
    for (int i = 0; i < 5_000 && guarded.guard.refusal().isEmpty(); i++) {
      guarded.read(says(" and so on"));
    }
    assertThat(guarded.guard.refusal()).isPresent();
    assertThat(guarded.left()).isEmpty();
  }

  /** Probabilities say the text again, token by token. */
  @Test
  void theirTokensGoWithWhatIsRedacted() throws Exception {
    Guarded guarded = chat(PII);
    String event =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"bob@acme.example \"},\"logprobs\":{\"content\":[{\"token\":\"bob\"},{\"token\":\"@acme.example \",\"bytes\":[98]}]}}]}\n\n";
    assertThat(guarded.read(event).left())
        .isEqualTo(
            "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"[EMAIL] \"},\"logprobs\":null}]}\n\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "OPENAI_CHAT | {\"choices\":[{\"message\":{\"content\":\"to bob@acme.example\",\"tool_calls\":[{\"id\":\"bob@acme.example\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"n\\\":4111111111111111}\"}}]}}],\"new\":{\"field\":[\"al@acme.example\"]}} | {\"choices\":[{\"message\":{\"content\":\"to [EMAIL]\",\"tool_calls\":[{\"id\":\"bob@acme.example\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"n\\\":\\\"[CREDIT-CARD]\\\"}\"}}]}}],\"new\":{\"field\":[\"[EMAIL]\"]}}",
        "MISTRAL_CHAT | {\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"bob@acme.example\"}]}}]} | {\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"[EMAIL]\"}]}}]}",
        "ANTHROPIC_MESSAGES | {\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"input\":{\"bob@acme.example\":1, \"card\": 4111111111111111,\"id\":\"bob@acme.example\"}}],\"model\":\"m\"} | {\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"input\":{\"[EMAIL]\":1, \"card\": \"[CREDIT-CARD]\",\"id\":\"[EMAIL]\"}}],\"model\":\"m\"}",
        "OPENAI_RESPONSES | {\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"bob@acme.example\",\"annotations\":[{\"title\":\"al@acme.example\"}],\"logprobs\":[{\"token\":\"bob\"}]}]}]} | {\"output\":[{\"type\":\"message\",\"content\":[{\"type\":\"output_text\",\"text\":\"[EMAIL]\",\"annotations\":[{\"title\":\"[EMAIL]\"}],\"logprobs\":[]}]}]}",
      })
  void aWholeAnswerIsRedactedInPlace(Dialect dialect, String answer, String left)
      throws MalformedAnswer {
    Guarded guarded = new Guarded(dialect, false, PII);
    assertThat(guarded.guard.whole(Buffer.buffer(answer)).toString(StandardCharsets.UTF_8))
        .isEqualTo(left);
  }

  /** As clients join blocks of text. */
  @Test
  void aFindGoesOnFromOneBlockOfTextToTheNext() throws Exception {
    Guarded guarded = new Guarded(Dialect.ANTHROPIC_MESSAGES, false, PII);
    String left =
        guarded.stream(
            List.of(
                block(
                    "content_block_start",
                    0,
                    "\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
                block(
                    "content_block_delta",
                    0,
                    "\"delta\":{\"type\":\"text_delta\",\"text\":\"to bob@ac\"}"),
                block("content_block_stop", 0, "\"x\":0"),
                block(
                    "content_block_start",
                    1,
                    "\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
                block(
                    "content_block_delta",
                    1,
                    "\"delta\":{\"type\":\"text_delta\",\"text\":\"me.example now\"}"),
                block("content_block_stop", 1, "\"x\":0"),
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
            List.of(1));
    assertThat(left).contains("\"to [EMAIL]\"", "\" now\"").doesNotContain("bob", "example");
  }

  private static String block(String type, int index, String rest) {
    return "event: %s\ndata: {\"type\":\"%s\",\"index\":%d,%s}\n\n"
        .formatted(type, type, index, rest);
  }

  @Test
  void everythingThatIsSaidAgainIsRedactedAgain() throws Exception {
    Guarded guarded = new Guarded(Dialect.OPENAI_RESPONSES, false, PII);
    String delta =
        "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"delta\":\"%s\",\"logprobs\":[]}\n\n";
    String left =
        guarded.stream(
            List.of(
                delta.formatted("bob@"),
                delta.formatted("acme.example"),
                "data: {\"type\":\"response.output_text.done\",\"output_index\":0,\"content_index\":0,\"text\":\"bob@acme.example\"}\n\n",
                "data: {\"type\":\"response.completed\",\"response\":{\"instructions\":\"al@acme.example\",\"output\":[{\"content\":[{\"text\":\"bob@acme.example\"}]}]}}\n\n"),
            List.of(1));
    assertThat(left).doesNotContain("bob").contains("\"text\":\"[EMAIL]\"}\n", "al@acme.example");
    guarded.guard.record();
    assertThat(guarded.trace.decisions().getFirst().reason()).contains("email: redact 1,");
  }

  @Test
  void manyTextsAtOnceAreBounded() throws Exception {
    Guarded guarded = chat(PII);
    guarded.read(
        IntStream.range(0, AnswerGuard.MAX_FLOWS + 1)
            .mapToObj(i -> choice(i, "\"content\":\"x. \""))
            .collect(Collectors.joining()));
    assertThat(guarded.guard.refusal()).isPresent();
  }

  @Test
  void whatIsNoTextIsSaid() throws Exception {
    Guarded guarded = chat(PII);
    guarded.read(chunk("\"audio\":{\"data\":\"UklGRg==\",\"transcript\":\"hi. \"}"));
    guarded.guard.record();
    assertThat(guarded.trace.decisions().getFirst().reason())
        .isEqualTo(
            "answer: not searched: 1 images, sounds or files, the first at choices.delta.audio.data");
    assertThat(guarded.left()).contains("UklGRg==");
  }

  @Test
  void whatIsNoTextIsRefusedWhereAGuardSaysSo() throws Exception {
    String sound = chunk("\"audio\":{\"data\":\"UklGRg==\"}");
    Guard strict =
        new Guard("acme", "answers", Set.of(Side.OUTPUT), Unscannable.REFUSE, List.of(PII));
    Guarded enforced = new Guarded(Dialect.OPENAI_CHAT, false, strict);
    Guarded observed = new Guarded(Dialect.OPENAI_CHAT, true, strict);
    assertThat(enforced.read(sound).left()).isEmpty();
    assertThat(enforced.guard.refusal()).isPresent();
    assertThat(observed.read(sound).left()).isEqualTo(sound);
    observed.guard.record();
    assertThat(observed.trace.decisions().toString()).contains("would refuse", "guard_blocked");
  }

  /** Names of the API say nothing where a model has written them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ANTHROPIC_MESSAGES | {\"content\":[{\"type\":\"tool_use\",\"input\":{\"usage\":\"bob@acme.example\",\"logprobs\":{\"to\":\"al@acme.example\"},\"f\":4111111111111111.0}}]}",
        "ANTHROPIC_MESSAGES | {\"content\":[{\"type\":\"text\",\"text\":\"to bob@\"},{\"type\":\"text\",\"text\":\"acme.example\"}]}",
        "ANTHROPIC_MESSAGES | {\"content\":[{\"type\":\"web_fetch_tool_result\",\"content\":{\"source\":{\"type\":\"text\",\"data\":\"to bob@acme.example\"}}}]}",
        "OPENAI_CHAT | {\"choices\":[{\"message\":{\"tool_calls\":[{\"function\":{\"arguments\":{\"id\":\"bob@acme.example\",\"n\":4111111111111111}}}]}}]}",
        "OPENAI_CHAT | {\"choices\":[{\"message\":{\"content\":\"[note] C:\\\\bob@acme.example\"}}]}",
        "MISTRAL_CHAT | {\"choices\":[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"bob@\"},{\"type\":\"text\",\"text\":\"acme.example\"}]}}]}",
        "OPENAI_RESPONSES | {\"output\":[{\"type\":\"my_call\",\"result\":\"bob@acme.example\"}],\"usage\":{\"note\":\"bob@acme.example\"}}",
      })
  void noFieldIsAWayAround(Dialect dialect, String answer) throws MalformedAnswer {
    Guarded guarded = new Guarded(dialect, false, PII);
    assertThat(guarded.guard.whole(Buffer.buffer(answer)).toString(StandardCharsets.UTF_8))
        .doesNotContain("acme.example", "al@", "4111111111111111");
  }

  @Test
  void anEmptyReasonIsNoEnd() throws Exception {
    Guarded guarded = chat(PII);
    for (String piece : List.of("bob@", "acme.", "example ")) {
      guarded.read(
          "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":\"\"}]}\n\n"
              .formatted(piece));
    }
    assertThat(guarded.settle().left()).contains("[EMAIL]").doesNotContain("bob");
  }

  @Test
  void proseThatBeginsLikeJsonIsProse() throws Exception {
    Guarded guarded = chat(new Detector.Terms(List.of("falcon"), Action.REDACT));
    guarded.read(says("[note] see C:\\\\projects\\\\"));
    guarded.read(says("falcon. "));
    assertThat(guarded.settle().left()).contains("[TERM]").doesNotContain("falcon");
  }

  @Test
  void jsonMayBeginWithWhiteSpace() throws Exception {
    Guarded guarded = chat(PII);
    guarded.read(says("\\n"));
    guarded.read(says("{\\\"e\\\":\\\"bob\\\\u0040acme.example\\\",\\\"n\\\": 4111111111111111}"));
    assertThat(guarded.settle().left())
        .contains("{\\\"e\\\":\\\"[EMAIL]\\\",\\\"n\\\": \\\"[CREDIT-CARD]\\\"}");
  }

  @Test
  void tokensGoWhereverTheyAreSaid() throws Exception {
    Guarded guarded = chat(PII);
    String event =
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"logprobs\":{\"content\":[{\"token\":\"bob@acme.example\"}]}}]}\n\n";
    assertThat(guarded.read(event).settle().left())
        .contains("\"logprobs\":null")
        .doesNotContain("bob");
  }

  /** Another list's numbers are none of a tool call's. */
  @Test
  void numbersOfAnotherListDoNotCount() throws Exception {
    Guarded guarded = chat(PII);
    guarded.read(
        chunk(
            "\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"{\\\"a\\\":\\\"bob@\"}}],\"reasoning_details\":[{\"index\":0,\"text\":\"x\"}]"));
    guarded.read(
        chunk("\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"acme.example\\\"}\"}}]"));
    assertThat(guarded.settle().left()).contains("[EMAIL]").doesNotContain("bob");
  }

  @Test
  void itemsThatNobodyJoinsStandAlone() throws Exception {
    Guarded guarded = chat(new Detector.Terms(List.of("falcon"), Action.REDACT));
    guarded.read(chunk("\"annotations\":[{\"title\":\"Birds\"},{\"title\":\"Falcon\"}]"));
    assertThat(guarded.settle().left()).contains("Birds", "[TERM]").doesNotContain("Falcon");
  }

  /** Servers of several answers may write a good part of one before they go on with the other. */
  @Test
  void anotherChoiceMayGoOnForAWhile() throws Exception {
    Guarded guarded = chat(PII);
    guarded.read(choice(0, "\"content\":\"bob@\""));
    for (int i = 0; i < 20; i++) {
      guarded.read(choice(1, "\"content\":\"word. \""));
    }
    guarded.read(choice(0, "\"content\":\"acme.example \""));
    assertThat(guarded.settle().left()).contains("[EMAIL]").doesNotContain("bob");
  }

  @Test
  void aBlockOfAnotherKindEndsAText() throws Exception {
    Guarded guarded =
        new Guarded(
            Dialect.ANTHROPIC_MESSAGES,
            false,
            new Detector.Terms(List.of("falcon"), Action.REDACT));
    guarded.read(
        block(
            "content_block_delta",
            0,
            "\"delta\":{\"type\":\"text_delta\",\"text\":\"Let me check\"}"));
    guarded.read(block("content_block_stop", 0, "\"x\":0"));
    guarded.read(
        block(
            "content_block_start",
            1,
            "\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"look\",\"input\":{}}"));
    guarded.read(block("content_block_stop", 1, "\"x\":0"));
    guarded.read(
        block(
            "content_block_delta",
            2,
            "\"delta\":{\"type\":\"text_delta\",\"text\":\"falcon is\"}"));
    assertThat(guarded.settle().left()).contains("[TERM]").doesNotContain("falcon");
  }

  @Test
  void moreThanMayBeRedactedIsBlocked() throws Exception {
    Guarded guarded = chat(PII);
    String many =
        "{\"choices\":[{\"message\":{\"content\":\"%s\"}}]}"
            .formatted("a@b.cc ".repeat(AnswerGuard.MAX_REDACTIONS + 1));
    guarded.guard.whole(Buffer.buffer(many));
    assertThat(guarded.guard.refusal()).isPresent();
  }

  @Test
  void aTerminalEventOfWhateverLineEndsIsSearched() throws Exception {
    Guarded guarded = new Guarded(Dialect.OPENAI_RESPONSES, false, PII);
    Buffer last =
        Buffer.buffer(
            "data: {\"type\":\"response.completed\",\"response\":{\"output\":[{\"content\":[{\"text\":\"bob@acme.example\"}]}]}}\r\r");
    assertThat(guarded.guard.last(last).toString()).contains("[EMAIL]").doesNotContain("bob");
  }
}
