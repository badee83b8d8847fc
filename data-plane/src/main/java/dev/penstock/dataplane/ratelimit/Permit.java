package dev.penstock.dataplane.ratelimit;

import java.util.List;

/**
 * What an exchange has taken of the limits that bind it. Owned by the exchange's event loop.
 *
 * @param parts one for each limit
 * @param tokens taken of each
 */
public record Permit(List<Part> parts, long tokens) {

  /** Of an exchange that no limit binds. */
  public static final Permit NONE = new Permit(List.of(), 0);

  /** With the share as it was when it was taken, so that as much is given back. */
  record Part(Meter meter, Meter.Share share) {}

  public Permit {
    parts = List.copyOf(parts);
  }
}
