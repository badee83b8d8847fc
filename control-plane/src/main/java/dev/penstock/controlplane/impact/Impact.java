package dev.penstock.controlplane.impact;

import dev.penstock.controlplane.policy.PolicyState;
import java.util.List;

/**
 * What a change means.
 *
 * @param sentences such as {@code tenant acme-health loses model claude-sonnet}; the first {@value
 *     #MAX_SENTENCES}
 * @param sentencesLeftOut how many more there are
 * @param tenants whose requests may be treated otherwise than before
 * @param apiKeys live keys of those tenants, and keys that change themselves
 */
public record Impact(List<String> sentences, int sentencesLeftOut, int tenants, int apiKeys) {

  static final int MAX_SENTENCES = 200;

  public Impact {
    sentences = List.copyOf(sentences);
  }

  /** What a change from one state to another means. */
  public static Impact between(PolicyState before, PolicyState after) {
    World old = new World(before);
    World now = new World(after);
    Report report = new Report();
    TenantSentences.write(old, now, report);
    BudgetSentences.write(old, now, report);
    RateLimitSentences.write(old, now, report);
    GuardSentences.write(old, now, report);
    HipaaSentences.write(old, now, report);
    KeySentences.write(old, now, report);
    RouteSentences.write(old, now, report);
    CatalogueSentences.write(old, now, report);
    return report.impact(now);
  }
}
