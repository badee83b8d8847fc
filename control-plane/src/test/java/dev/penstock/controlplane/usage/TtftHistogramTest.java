package dev.penstock.controlplane.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TtftHistogramTest {

  @Property
  void aQuantileIsAtMostFivePercentOff(
      @ForAll @Size(min = 1, max = 200)
          List<@LongRange(min = 100, max = 10_000_000_000L) Long> micros) {
    long[] counts = {};
    for (long each : micros) {
      counts = TtftHistogram.counted(counts, each);
    }
    List<Long> sorted = micros.stream().sorted().toList();
    for (double q : new double[] {0.5, 0.95}) {
      long exact = sorted.get((int) Math.ceil(q * sorted.size()) - 1);
      assertThat((double) TtftHistogram.quantile(counts, q))
          .isCloseTo(exact, within(exact * 0.05 + 1));
    }
  }

  @Property
  void isStoredAsANumberOfWhichASumIsThatOfItsCounts(
      @ForAll @Size(max = 200) List<@LongRange(min = 0, max = 400_000_000_000L) Long> one,
      @ForAll @Size(max = 200) List<@LongRange(min = 0, max = 400_000_000_000L) Long> other) {
    String sum =
        new BigInteger(TtftHistogram.packed(longs(one)))
            .add(new BigInteger(TtftHistogram.packed(longs(other))))
            .toString();

    long[] counts = Arrays.copyOf(TtftHistogram.unpacked(sum), 200);
    for (int i = 0; i < counts.length; i++) {
      assertThat(counts[i])
          .isEqualTo((i < one.size() ? one.get(i) : 0) + (i < other.size() ? other.get(i) : 0));
    }
  }

  private static long[] longs(List<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  @Test
  void nothingCountedHasNoQuantile() {
    assertThat(TtftHistogram.quantile(new long[] {}, 0.5)).isZero();
    assertThat(TtftHistogram.quantile(new long[] {0, 0}, 0.95)).isZero();
  }

  @Test
  void isAsLongAsItsHighestNumber() {
    assertThat(TtftHistogram.counted(new long[] {}, 50)).containsExactly(1);
    assertThat(TtftHistogram.counted(new long[] {}, Long.MAX_VALUE)).hasSize(200);
  }
}
