package dev.penstock.providersim.dialect;

import dev.penstock.providersim.dialect.Part.Called;
import dev.penstock.providersim.dialect.Part.Refusal;
import dev.penstock.providersim.dialect.Part.Spoken;
import dev.penstock.providersim.dialect.Part.Thoughts;
import dev.penstock.providersim.script.Step;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A whole answer: its parts in order, and how the script finished it. */
public record Answer(List<Part> parts, Step.Finish finish) {
  public Answer {
    parts = List.copyOf(parts);
  }

  public String finishReason() {
    return finish.reason();
  }

  /** All that was said, joined. */
  public String text() {
    return of(Spoken.class).map(Spoken::text).collect(Collectors.joining());
  }

  public String thoughts() {
    return of(Thoughts.class).map(Thoughts::text).collect(Collectors.joining());
  }

  public String refusal() {
    return of(Refusal.class).map(Refusal::text).collect(Collectors.joining());
  }

  public List<Called> calls() {
    return of(Called.class).toList();
  }

  private <P extends Part> Stream<P> of(Class<P> kind) {
    return parts.stream().filter(kind::isInstance).map(kind::cast);
  }
}
