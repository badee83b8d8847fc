package dev.penstock.dataplane.buffer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds bytes in an array, eight at a time. */
public final class ByteSearch {

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long TOPS = 0x8080_8080_8080_8080L;

  private ByteSearch() {}

  /**
   * Index of the first byte from {@code from} on that is one of the two, or {@code to}.
   *
   * @param one ASCII
   * @param other ASCII
   */
  public static int indexOfEither(byte[] bytes, int from, int to, char one, char other) {
    long ones = ONES * one;
    long others = ONES * other;
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long eight = (long) EIGHT.get(bytes, at);
      long hits = zeros(eight ^ ones) | zeros(eight ^ others);
      if (hits != 0) {
        return at + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
    }
    for (; at < to; at++) {
      byte c = bytes[at];
      if (c == one || c == other) {
        return at;
      }
    }
    return to;
  }

  /**
   * The top bit of each byte that is zero. A borrow may set that of a byte above such a one, so
   * that only the lowest can be relied on; and it is the one that is asked for.
   */
  private static long zeros(long eight) {
    return (eight - ONES) & ~eight & TOPS;
  }
}
