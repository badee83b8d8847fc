package dev.penstock.it.compatibility;

import dev.penstock.it.compatibility.Outcome.Answered;
import dev.penstock.it.compatibility.Outcome.End;
import dev.penstock.it.compatibility.Outcome.Raised;
import dev.penstock.it.compatibility.Outcome.Silent;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@code docs/compatibility.md}, from what SDKs made of every situation. */
record CompatibilityPage(Map<Cell, Outcome> outcomes) {
  private static final String HEAD =
      """
      # What official SDKs make of every provider

      Written by the tests from a run in which each SDK, changed in base URL and key alone, gets an answer from each provider (played by
      [provider-sim](../provider-sim)) through a gateway, as a stream or whole. The WebSocket for Chat Completions, which no SDK speaks, is asked the
      same. A test holds every cell against what it expects of it. What translation leaves out or refuses has [a page of its own](translation.md);
      how to begin is in the guides for [OpenAI](developers/openai.md), [Anthropic](developers/anthropic.md) and [Mistral](developers/mistral.md).

      | cell | the application gets |
      |---|---|
      | yes | the whole answer, and its end in the SDK's own words |
      | hidden | the whole answer without the thoughts: the provider does not show them, or the SDK drops them |
      | last piece | the whole answer, and of the thoughts their last piece alone: this helper puts together what OpenAI documents, and thoughts are not |
      | as an end | the model's words of refusal, and an ordinary end: the dialect has no other |
      | a name | that exception, or that frame of a WebSocket, with the status it carries; never a clean end; where a field could not be carried, with the field that its message names |

      """;

  /** The page, as it is checked in where every SDK could be asked. */
  String text() {
    return HEAD
        + titles()
        + rule()
        + Sdks.ALL.stream().filter(this::asked).map(this::rows).collect(Collectors.joining());
  }

  /** A page without the rows of SDKs that could not be asked on this machine. */
  String comparable(String page) {
    return page.lines()
        .filter(line -> Sdks.ALL.stream().filter(sdk -> !asked(sdk)).noneMatch(rowOf(line)))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static Predicate<Sdk> rowOf(String line) {
    return sdk -> line.startsWith("| " + sdk.title() + " |");
  }

  private boolean asked(Sdk sdk) {
    return outcomes.keySet().stream().anyMatch(cell -> cell.sdk() == sdk);
  }

  private static String titles() {
    return Arrays.stream(Situation.values())
        .map(Situation::title)
        .collect(Collectors.joining(" | ", "| SDK | provider | ", " |\n"));
  }

  private static String rule() {
    return "|---".repeat(2 + Situation.values().length) + "|\n";
  }

  private String rows(Sdk sdk) {
    return Arrays.stream(Upstream.values())
        .map(upstream -> row(sdk, upstream))
        .collect(Collectors.joining());
  }

  private String row(Sdk sdk, Upstream upstream) {
    return Arrays.stream(Situation.values())
        .map(situation -> word(new Cell(sdk, upstream, situation)))
        .collect(
            Collectors.joining(
                " | ", "| " + sdk.title() + " | " + upstream.title() + " | ", " |\n"));
  }

  private String word(Cell cell) {
    return switch (outcomes.get(cell)) {
      case Answered answer -> word(answer, cell.situation());
      case Raised(String exception) -> "`" + exception + "`";
      case Silent() -> "nothing";
      case null -> throw new AssertionError(cell + " was not asked");
    };
  }

  private static String word(Answered answer, Situation situation) {
    if (situation == Situation.REASONING && answer.thoughts().isEmpty()) {
      return "hidden";
    }
    if (situation == Situation.REASONING && !answer.thoughts().equals(Expectations.THOUGHT)) {
      return "last piece";
    }
    return situation == Situation.REFUSAL && answer.end() != End.REFUSED ? "as an end" : "yes";
  }
}
