package dev.penstock.kernel.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class FleetReserveTest {

  @Property
  void partsAndWhatIsLentAreTogetherWithinTheLimit(
      @ForAll @LongRange(min = 0, max = 100_000_000) long requests,
      @ForAll @LongRange(min = 0, max = 50) long streams,
      @ForAll @Size(min = 1, max = 9) List<@LongRange(min = 0, max = 1_000_000) Long> weights) {
    Units total = new Units(requests, requests / 3, streams);
    long sum = Math.max(1, weights.stream().mapToLong(Long::longValue).sum());

    Units inForce = FleetReserve.lent(total);
    for (long weight : weights) {
      inForce = inForce.plus(FleetReserve.of(total, 1_000_000 * weight / sum));
    }

    assertThat(inForce.isWithin(total)).as("%s of %s", inForce, total).isTrue();
    assertThat(FleetReserve.lent(total).requests() * 4).isGreaterThanOrEqualTo(3 * requests);
  }
}
