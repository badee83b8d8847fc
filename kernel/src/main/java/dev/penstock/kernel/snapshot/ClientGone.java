package dev.penstock.kernel.snapshot;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What becomes of a provider's call whose client has left; a manifest writes {@link #word}. */
public enum ClientGone {
  /** It ends at once: the provider stops, and charges for what it has generated. */
  CANCEL("cancel"),
  /**
   * It is read to its end, within a node's limits: the provider goes on and charges for the whole
   * answer in any case, and tells only at the end how much that is.
   */
  DRAIN("drain");

  private final String word;

  ClientGone(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<ClientGone> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }

  /** All words, in the order of their meaning. */
  public static List<String> words() {
    return Arrays.stream(values()).map(ClientGone::word).toList();
  }
}
