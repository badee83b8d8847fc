package dev.penstock.dataplane.dialect;

/**
 * What a provider gave with its reasoning, on its way through a client that knows one dialect only.
 * A client's own dialect keeps it as it came; another maker's is marked, so that it finds back to
 * its maker as what it was, and no other provider is sent it.
 */
public record ReasoningMark(String value, Kind kind, Dialect madeBy) {

  private static final String PREFIX = "penstock:";

  /** What it is to its maker. */
  public enum Kind {
    /** Proves that reasoning which stands beside it is the provider's. */
    SIGNATURE("signature"),
    /** The reasoning itself, which nobody else can read. */
    ENCRYPTED("encrypted");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /** As a client of a dialect keeps it. */
  public String keptBy(Dialect client) {
    return madeBy == client ? value : prefix(madeBy, kind) + value;
  }

  private static String prefix(Dialect maker, Kind kind) {
    return PREFIX + maker.word() + ":" + kind.word + ":";
  }

  /**
   * What a client of a dialect sends back.
   *
   * @param own what it is if it is of the client's own dialect, which marks nothing
   */
  public static ReasoningMark sentBy(Dialect client, String kept, Kind own) {
    if (kept.startsWith(PREFIX)) {
      for (Dialect maker : Dialect.values()) {
        for (Kind kind : Kind.values()) {
          String prefix = prefix(maker, kind);
          if (kept.startsWith(prefix)) {
            return new ReasoningMark(kept.substring(prefix.length()), kind, maker);
          }
        }
      }
    }
    return new ReasoningMark(kept, own, client);
  }

  @Override
  public String toString() {
    return "ReasoningMark[" + kind + " of " + madeBy + "]";
  }
}
