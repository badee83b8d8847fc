package dev.penstock.dataplane.buffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;

/**
 * One direct buffer that is lent out, and again as soon as it has come back: what passes through an
 * event loop in small pieces, one after the other, always passes through the same memory, and that
 * is in the processor's cache. Whoever gets it releases it as any other; as long as somebody holds
 * it, others get one of their own. Owned by one event loop.
 */
public final class LentBuffer {

  private final ByteBuf buffer;

  public LentBuffer(int bytes) {
    buffer = Unpooled.directBuffer(bytes, bytes);
  }

  /** An empty buffer with room for {@code bytes}, from {@code otherwise} where this one is out. */
  public ByteBuf lend(ByteBufAllocator otherwise, int bytes) {
    return bytes <= buffer.capacity() && buffer.refCnt() == 1
        ? buffer.retain().clear()
        : otherwise.directBuffer(bytes);
  }
}
