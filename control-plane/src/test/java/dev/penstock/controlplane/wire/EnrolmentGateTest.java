package dev.penstock.controlplane.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EnrolmentGateTest {

  private final AtomicLong now = new AtomicLong();
  private final EnrolmentGate gate = new EnrolmentGate(now::get);

  @AfterEach
  void stop() {
    gate.stop();
  }

  @Test
  void letsAnAddressTryABurstAndThenItsPace() {
    long first = tries("10.0.0.1");
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    long second = tries("10.0.0.1");

    assertThat(first).isEqualTo(EnrolmentGate.BURST);
    assertThat(second).isEqualTo(5);
    assertThat(tries("10.0.0.2")).isEqualTo(EnrolmentGate.BURST);
  }

  @Test
  void letsSoManyInAtOnceWhereverTheyComeFrom() {
    long entered = IntStream.range(0, 100).filter(each -> gate.enter("10.0.1." + each)).count();
    gate.leave();

    assertThat(entered).isEqualTo(EnrolmentGate.AT_ONCE);
    assertThat(gate.enter("10.0.2.1")).isTrue();
    assertThat(gate.enter("10.0.2.2")).isFalse();
  }

  @Test
  void remembersABoundedNumberOfAddresses() {
    for (int each = 0; each < 20_000; each++) {
      tries("10.1." + each);
    }
    boolean full = gate.enter("10.2.0.1");
    now.addAndGet(Duration.ofMinutes(1).toNanos());

    assertThat(full).isFalse();
    assertThat(gate.enter("10.2.0.1")).isTrue();
  }

  private long tries(String address) {
    return IntStream.range(0, 100)
        .filter(each -> {
          boolean entered = gate.enter(address);
          if (entered) {
            gate.leave();
          }
          return entered;
        })
        .count();
  }
}
