package dev.penstock.dataplane.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ByteSearchTest {

  /** Few values, so that hits are close to each other and to what looks like them. */
  @Provide
  Arbitrary<byte[]> bytes() {
    return Arbitraries.of((byte) '"', (byte) '\\', (byte) '#', (byte) '!', (byte) 0xa2, (byte) 0)
        .array(byte[].class)
        .ofMaxSize(40);
  }

  @Property
  void findsWhatLookingAtEachByteFinds(
      @ForAll("bytes") byte[] bytes,
      @ForAll @IntRange(max = 42) int from,
      @ForAll @IntRange(max = 40) int end) {
    int to = Math.min(end, bytes.length);
    int expected = to;
    for (int i = to - 1; i >= from; i--) {
      if (bytes[i] == '"' || bytes[i] == '\\') {
        expected = i;
      }
    }
    assertThat(ByteSearch.indexOfEither(bytes, from, to, '"', '\\')).isEqualTo(expected);
  }

  @Example
  void doesNotLookBehindTheEnd() {
    byte[] bytes = {'a', 'a', 'a', 'a', 'a', 'a', 'a', '"', '"'};
    assertThat(ByteSearch.indexOfEither(bytes, 0, 7, '"', '\\')).isEqualTo(7);
  }
}
