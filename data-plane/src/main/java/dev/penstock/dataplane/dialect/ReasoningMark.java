package dev.penstock.dataplane.dialect;

/**
 * What a provider gave to prove that reasoning is its own, on its way through a client that knows
 * one dialect only. A client's own dialect keeps it as it came; another maker's is marked, so that
 * it finds back to its maker and no other provider is sent it.
 *
 * @param value a signature, or encrypted reasoning
 */
public record ReasoningMark(String value, Dialect madeBy) {

  private static final String PREFIX = "penstock:";

  /** As a client of a dialect keeps it. */
  public String keptBy(Dialect client) {
    return madeBy == client ? value : PREFIX + madeBy.word() + ":" + value;
  }

  /** What a client of a dialect sends back. */
  public static ReasoningMark sentBy(Dialect client, String kept) {
    if (kept.startsWith(PREFIX)) {
      for (Dialect maker : Dialect.values()) {
        String mark = PREFIX + maker.word() + ":";
        if (kept.startsWith(mark)) {
          return new ReasoningMark(kept.substring(mark.length()), maker);
        }
      }
    }
    return new ReasoningMark(kept, client);
  }

  @Override
  public String toString() {
    return "ReasoningMark[" + madeBy + "]";
  }
}
