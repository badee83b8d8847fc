package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.TextVisitor;
import dev.penstock.dataplane.guard.Finding.Effect;
import dev.penstock.kernel.guard.Redaction;
import dev.penstock.kernel.guard.ScanBudget;
import dev.penstock.kernel.guard.SearchText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One search of a request by the guards that bind it. It changes nothing: {@link #redact} does,
 * once it is known that the request may go on. All detectors see the text as it came; where what
 * they want redacted overlaps, it becomes one placeholder: that of the match that begins first, of
 * two that begin together the longer one's, and then that of the guard and detector that come
 * first.
 */
final class Screening implements TextVisitor {

  /** So many placeholders a request may need; one with more is refused. */
  static final int MAX_REDACTIONS = 10_000;

  private final List<BoundGuard> guards;
  private final ScanBudget budget = ScanBudget.ofRequest();
  private final Tallies tallies;
  private final Map<Integer, List<Redaction>> redactions = new LinkedHashMap<>(); // by start
  private int redacted;
  private int opaque;
  private String firstOpaque = "";

  private Screening(List<BoundGuard> guards) {
    this.guards = guards;
    tallies = new Tallies(guards);
  }

  /**
   * @throws ScanBudget.Exceeded if there is no verdict within the work that a request may cause
   */
  static Screening of(List<BoundGuard> guards, ClientRequest request) {
    Screening screening = new Screening(guards);
    request.visit(screening);
    return screening;
  }

  @Override
  public void text(Place place, String text) {
    SearchText searched = new SearchText(text);
    List<Redaction> toRedact = new ArrayList<>();
    for (int i = 0; i < guards.size(); i++) {
      int index = i;
      guards
          .get(i)
          .guard()
          .search(
              searched,
              budget,
              (detector, rule, start, end) -> {
                Tallies.Key key = tallies.key(index, detector, rule, place.isValue());
                tallies.count(key, place::path);
                if (key.effect() == Effect.REDACTED
                    && redacted + toRedact.size() <= MAX_REDACTIONS) {
                  toRedact.add(new Redaction(start, end, rule.placeholder()));
                }
              });
    }
    if (!toRedact.isEmpty()) {
      redacted += toRedact.size();
      redactions.put(place.start(), Redaction.merged(toRedact));
    }
  }

  @Override
  public void opaque(Place place) {
    if (opaque++ == 0) {
      firstOpaque = place.path();
    }
  }

  /** In the order of guards and detectors. */
  List<Finding> findings() {
    return tallies.inOrder();
  }

  boolean hasTooManyRedactions() {
    return redacted > MAX_REDACTIONS;
  }

  /** The images, sounds and files that nobody could search. */
  Unsearched unsearched() {
    return new Unsearched(opaque, firstOpaque, guards);
  }

  List<BoundGuard> guards() {
    return guards;
  }

  /**
   * A text as {@link #redact} leaves it.
   *
   * @param start of the text, as {@link Place#start()} told it
   */
  String redacted(int start, String text) {
    return Redaction.applied(text, redactions.getOrDefault(start, List.of()));
  }

  /** Whether guards that are only observed would have refused. */
  boolean wouldDeny() {
    return unsearched().wouldRefuse().isPresent() || tallies.anyOf(Effect.WOULD_BLOCK);
  }

  void redact(ClientRequest request) {
    redactions.forEach(request::redact);
  }
}
