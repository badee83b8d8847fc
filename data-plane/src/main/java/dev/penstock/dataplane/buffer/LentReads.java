package dev.penstock.dataplane.buffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Lets the connections of an event loop read into its {@link LentBuffer}: a read of any size up to
 * its whole costs no allocation. Where the buffer is out, reads are sized by what has come before.
 * For channels of one event loop only.
 */
public final class LentReads implements RecvByteBufAllocator {

  private static final int MIN_BYTES = 512;
  private static final int INITIAL_BYTES = 2 * 1024;
  private static final int MAX_BYTES = 8 * 1024;

  private final RecvByteBufAllocator sizes =
      new AdaptiveRecvByteBufAllocator(MIN_BYTES, INITIAL_BYTES, MAX_BYTES);
  private final LentBuffer buffer = new LentBuffer(MAX_BYTES);

  @Override
  public Handle newHandle() {
    return new Lending(sizes.newHandle());
  }

  private final class Lending extends DelegatingHandle implements ExtendedHandle {

    Lending(Handle sizes) {
      super(sizes);
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator otherwise) {
      ByteBuf lent = buffer.lend(otherwise, guess());
      attemptedBytesRead(lent.writableBytes());
      return lent;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return delegate() instanceof ExtendedHandle extended
          ? extended.continueReading(maybeMore)
          : continueReading();
    }
  }
}
