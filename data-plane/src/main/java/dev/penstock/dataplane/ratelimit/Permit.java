package dev.penstock.dataplane.ratelimit;

import java.util.List;

/**
 * What an exchange has taken of the limits that bind it, one part of each. Owned by the exchange's
 * event loop.
 */
public record Permit(List<Part> parts) {

  /** Of an exchange that no limit binds. */
  public static final Permit NONE = new Permit(List.of());

  /**
   * @param tokens taken
   */
  record Part(Meter meter, long tokens) {}

  public Permit {
    parts = List.copyOf(parts);
  }
}
