package dev.penstock.providersim.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.providersim.script.Step;
import dev.penstock.providersim.script.Utterance;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Gathers what a stream would have sent into the parts of an unstreamed answer. */
public final class Gathered {
  private final List<Open> parts = new ArrayList<>();
  private int eventCalls;

  /** A part that may still grow. */
  private record Open(
      Kind kind, int ordinal, @Nullable String id, String name, StringBuilder text) {
    Part closed() {
      return switch (kind) {
        case SPOKEN -> new Part.Spoken(text.toString());
        case THOUGHTS -> new Part.Thoughts(text.toString());
        case REFUSAL -> new Part.Refusal(text.toString());
        case CALLED -> new Part.Called(ordinal, id, name, text.toString());
      };
    }
  }

  private enum Kind {
    SPOKEN,
    THOUGHTS,
    REFUSAL,
    CALLED
  }

  public void add(Step.Text step, int first, int count) {
    FillerText filler = new FillerText(step);
    for (int chunk = first; chunk < first + count; chunk++) {
      grow(Kind.SPOKEN, filler.chunk(chunk));
    }
  }

  public void add(Utterance utterance) {
    switch (utterance) {
      case Utterance.Said said -> grow(Kind.SPOKEN, said.text());
      case Utterance.Thought thought -> grow(Kind.THOUGHTS, thought.text());
      case Utterance.Refused refused -> grow(Kind.REFUSAL, refused.text());
      case Utterance.CallBegun begun ->
          parts.add(
              new Open(
                  Kind.CALLED, begun.ordinal(), begun.id(), begun.name(), new StringBuilder()));
      case Utterance.CallArguments piece -> call(piece.ordinal()).text().append(piece.json());
    }
  }

  /** Content and complete tool calls of a Chat chunk; pieces of tool calls are not joined. */
  public void add(Step.Event event) {
    JsonNode delta = event.data().path("choices").path(0).path("delta");
    String content = delta.path("content").asText("");
    if (!content.isEmpty()) {
      grow(Kind.SPOKEN, content);
    }
    for (JsonNode call : delta.path("tool_calls")) {
      JsonNode function = call.path("function");
      parts.add(
          new Open(
              Kind.CALLED,
              eventCalls++,
              call.path("id").textValue(),
              function.path("name").asText(""),
              new StringBuilder(function.path("arguments").asText(""))));
    }
  }

  public Answer answer(Step.Finish finish) {
    return new Answer(parts.stream().map(Open::closed).toList(), finish);
  }

  private void grow(Kind kind, String text) {
    if (parts.isEmpty() || parts.getLast().kind() != kind) {
      parts.add(new Open(kind, 0, null, "", new StringBuilder()));
    }
    parts.getLast().text().append(text);
  }

  private Open call(int ordinal) {
    return parts.stream()
        .filter(part -> part.kind() == Kind.CALLED && part.ordinal() == ordinal)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("call " + ordinal + " was not begun"));
  }
}
