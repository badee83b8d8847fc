package dev.penstock.providersim.chat;

import dev.penstock.providersim.dialect.Asked;

/**
 * A stream of chunks was asked for, and this in it.
 *
 * @param usage where usage stands
 * @param obfuscation whether chunks carry a random text against guessing from their sizes
 */
record ChatStream(Flavour flavour, UsagePlace usage, boolean obfuscation) {
  enum UsagePlace {
    NOWHERE,
    LAST_CHUNK,
    EVERY_CHUNK
  }

  Asked.Form form(String model) {
    return new Asked.Streamed(new ChunkShapes(ReplyId.fresh(model), this));
  }
}
