package dev.penstock.dataplane.guard;

import dev.penstock.dataplane.dialect.ClientRequest;
import dev.penstock.dataplane.dialect.Redaction;
import dev.penstock.dataplane.dialect.TextVisitor;
import dev.penstock.dataplane.guard.Finding.Effect;
import dev.penstock.kernel.guard.Rule;
import dev.penstock.kernel.guard.ScanBudget;
import dev.penstock.kernel.guard.SearchText;
import java.util.ArrayList;
import java.util.Comparator;
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
  private final Map<Key, Tally> tallies = new LinkedHashMap<>();
  private final Map<Integer, List<Redaction>> redactions = new LinkedHashMap<>(); // by start
  private int redacted;
  private int opaque;
  private String firstOpaque = "";

  private record Key(int guard, int detector, Rule rule, Effect effect) {}

  private static final class Tally {
    private final String firstAt;
    private int count;

    Tally(String firstAt) {
      this.firstAt = firstAt;
    }
  }

  private record Match(int start, int end, Rule rule) {}

  private Screening(List<BoundGuard> guards) {
    this.guards = guards;
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
    List<Match> toRedact = new ArrayList<>();
    for (int i = 0; i < guards.size(); i++) {
      int index = i;
      BoundGuard bound = guards.get(i);
      bound
          .guard()
          .search(
              searched,
              budget,
              (detector, rule, start, end) -> {
                Effect effect =
                    Effect.of(bound.action(detector), bound.ref().observed(), place.isValue());
                tallies.computeIfAbsent(
                        new Key(index, detector, rule, effect), key -> new Tally(place.path()))
                    .count++;
                if (effect == Effect.REDACTED && redacted + toRedact.size() <= MAX_REDACTIONS) {
                  toRedact.add(new Match(start, end, rule));
                }
              });
    }
    if (!toRedact.isEmpty()) {
      redacted += toRedact.size();
      redactions.put(place.start(), merged(toRedact));
    }
  }

  private static List<Redaction> merged(List<Match> matches) {
    // Stable: of equal ones the first stays first.
    matches.sort(
        Comparator.comparingInt(Match::start)
            .thenComparing(Comparator.comparingInt(Match::end).reversed()));
    List<Redaction> merged = new ArrayList<>();
    Match first = matches.getFirst();
    int end = first.end();
    for (Match match : matches) {
      if (match.start() >= end) {
        merged.add(new Redaction(first.start(), end, first.rule().placeholder()));
        first = match;
      }
      end = Math.max(end, match.end());
    }
    merged.add(new Redaction(first.start(), end, first.rule().placeholder()));
    return merged;
  }

  @Override
  public void opaque(Place place) {
    if (opaque++ == 0) {
      firstOpaque = place.path();
    }
  }

  /** In the order of guards and detectors. */
  List<Finding> findings() {
    return tallies.entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<Key, Tally> each) -> each.getKey().guard())
                .thenComparingInt(each -> each.getKey().detector()))
        .map(each -> finding(each.getKey(), each.getValue()))
        .toList();
  }

  private Finding finding(Key key, Tally tally) {
    BoundGuard bound = guards.get(key.guard());
    return new Finding(
        bound.ref().label(),
        key.detector(),
        bound.guard().detectors().get(key.detector()).type(),
        key.rule().name(),
        key.effect(),
        tally.count,
        tally.firstAt);
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
    List<Redaction> parts = redactions.getOrDefault(start, List.of());
    if (parts.isEmpty()) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    for (Redaction part : parts) {
      out.append(text, copied, part.from()).append(part.placeholder());
      copied = part.to();
    }
    return out.append(text, copied, text.length()).toString();
  }

  /** Whether guards that are only observed would have refused. */
  boolean wouldDeny() {
    return unsearched().wouldRefuse().isPresent()
        || tallies.keySet().stream().anyMatch(each -> each.effect() == Effect.WOULD_BLOCK);
  }

  void redact(ClientRequest request) {
    redactions.forEach(request::redact);
  }
}
