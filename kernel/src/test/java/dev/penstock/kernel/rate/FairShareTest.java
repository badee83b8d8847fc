package dev.penstock.kernel.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FairShareTest {

  @Test
  void givesWhatIsWantedWhereThereIsEnoughAndElseNobodyMoreThanWhoWantsStillMore() {
    assertThat(FairShare.of(100, 30, new long[] {50, 20})).isEqualTo(30);
    assertThat(FairShare.of(100, 90, new long[] {90, 20})).isEqualTo(40);
    assertThat(FairShare.of(100, 20, new long[] {90, 90})).isEqualTo(20);
    assertThat(FairShare.of(100, 70, new long[] {})).isEqualTo(70);
    assertThat(FairShare.of(1, 5, new long[] {5, 5})).isEqualTo(1); // whose it is comes first
    assertThat(FairShare.of(0, 5, new long[] {})).isZero();
  }

  @Property
  void sharesAreWithinTheWholeAndLeaveNothingThatSomebodyWants(
      @ForAll @LongRange(min = 10, max = 1_000_000) long total,
      @ForAll @Size(min = 1, max = 8) List<@LongRange(min = 0, max = 500_000) Long> wants) {
    long given = 0;
    boolean somebodyWantsMore = false;
    for (int i = 0; i < wants.size(); i++) {
      int one = i;
      long[] others =
          IntStream.range(0, wants.size())
              .filter(each -> each != one)
              .mapToLong(wants::get)
              .toArray();
      long share = FairShare.of(total, wants.get(i), others);
      assertThat(share).isBetween(0L, wants.get(i));
      given += share;
      somebodyWantsMore |= share < wants.get(i);
    }

    assertThat(given).as(Arrays.toString(wants.toArray())).isLessThanOrEqualTo(total);
    if (somebodyWantsMore) {
      assertThat(given).isGreaterThan(total - wants.size());
    }
  }
}
