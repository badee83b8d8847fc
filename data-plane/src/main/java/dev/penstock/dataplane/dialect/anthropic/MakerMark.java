package dev.penstock.dataplane.dialect.anthropic;

import dev.penstock.dataplane.dialect.Dialect;

/**
 * Says in a signature, or in encrypted thoughts, whose they are. A client keeps them and sends them
 * back as they are, perhaps to another provider, which would refuse what it did not make; so those
 * of other dialects are marked when they go out and recognised when they return. Anthropic's own
 * are base64 and stay as they are.
 */
final class MakerMark {

  private static final char SEPARATOR = ':'; // not in base64

  private MakerMark() {}

  static String mark(Dialect madeBy, String content) {
    return madeBy == Dialect.ANTHROPIC_MESSAGES ? content : madeBy.word() + SEPARATOR + content;
  }

  static Dialect maker(String marked) {
    for (Dialect dialect : Dialect.values()) {
      if (marked.startsWith(dialect.word() + SEPARATOR)) {
        return dialect;
      }
    }
    return Dialect.ANTHROPIC_MESSAGES;
  }

  static String unmark(String marked) {
    Dialect maker = maker(marked);
    return maker == Dialect.ANTHROPIC_MESSAGES
        ? marked
        : marked.substring(maker.word().length() + 1);
  }
}
