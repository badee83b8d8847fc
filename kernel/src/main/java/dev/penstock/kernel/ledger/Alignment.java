package dev.penstock.kernel.ledger;

import java.util.List;
import java.util.Objects;

/** What happens to a window without any lease's doing: its balances then, and the postings. */
public record Alignment(WindowBalance window, List<Posting> postings) {

  public Alignment {
    Objects.requireNonNull(window, "window");
    postings = List.copyOf(postings);
  }
}
