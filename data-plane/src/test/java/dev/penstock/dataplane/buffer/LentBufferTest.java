package dev.penstock.dataplane.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import org.junit.jupiter.api.Test;

class LentBufferTest {

  private static final ByteBufAllocator OTHERWISE = UnpooledByteBufAllocator.DEFAULT;

  private final LentBuffer buffer = new LentBuffer(64);

  @Test
  void isLentAgainWhenItHasComeBack() {
    ByteBuf first = buffer.lend(OTHERWISE, 10);
    first.writeLong(1).readByte();
    first.release();

    ByteBuf second = buffer.lend(OTHERWISE, 64);

    assertThat(second).isSameAs(first);
    assertThat(second.readableBytes()).isZero();
    assertThat(second.writableBytes()).isEqualTo(64);
  }

  @Test
  void isNeverLentToTwo() {
    ByteBuf first = buffer.lend(OTHERWISE, 10);
    ByteBuf part = first.writeLong(7).readRetainedSlice(4);
    first.release(); // a part of it is still held

    ByteBuf second = buffer.lend(OTHERWISE, 10);
    second.writeLong(0);

    assertThat(second).isNotSameAs(first);
    assertThat(first.getLong(0)).isEqualTo(7);
    part.release();
    assertThat(second.release()).as("that one is given back for good").isTrue();
    assertThat(buffer.lend(OTHERWISE, 10)).isSameAs(first);
  }

  @Test
  void givesMoreThanItHasFromElsewhere() {
    ByteBuf large = buffer.lend(OTHERWISE, 65);

    assertThat(large.writableBytes()).isGreaterThanOrEqualTo(65);
    assertThat(large.release()).isTrue();
  }

  @Test
  void letsAllConnectionsReadIntoTheSameMemory() {
    LentReads reads = new LentReads();
    RecvByteBufAllocator.Handle one = reads.newHandle();
    RecvByteBufAllocator.Handle other = reads.newHandle();

    ByteBuf first = one.allocate(OTHERWISE);
    ByteBuf meanwhile = other.allocate(OTHERWISE);
    first.release();
    ByteBuf then = other.allocate(OTHERWISE);

    assertThat(meanwhile).isNotSameAs(first);
    assertThat(then).isSameAs(first);
    assertThat(other.attemptedBytesRead()).isEqualTo(then.writableBytes());
    meanwhile.release();
  }
}
