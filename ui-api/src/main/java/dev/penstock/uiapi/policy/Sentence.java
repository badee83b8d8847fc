package dev.penstock.uiapi.policy;

import java.util.List;
import java.util.Objects;

/**
 * One thing that holds for a tenant.
 *
 * @param topic what it is about, in a word or two
 * @param text with names between backticks
 * @param from which resources say so; empty: nobody says otherwise
 */
public record Sentence(String topic, String text, Force force, List<Source> from) {

  /** Whether it is done, or only written down. */
  public enum Force {
    ENFORCED,
    OBSERVED
  }

  /** A resource, and whose it is. */
  public record Source(String kind, String tenant, String name) {}

  public Sentence {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(force, "force");
    from = List.copyOf(from);
  }
}
