package dev.penstock.controlplane.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.OnFailure;
import dev.penstock.kernel.guard.Side;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuardEncoderTest {

  /** What a node reads of it is in its own test of guards, with the same values. */
  @Test
  void writesAllThatIsSaidOfAnExternalGuard() {
    Detector http =
        new Detector.Http(
            "https://guard.example/v1/check",
            Duration.ofSeconds(2),
            OnFailure.ALLOW,
            16,
            Action.BLOCK);
    Guard guard = new Guard("acme", "g", Set.of(Side.INPUT), List.of(http));

    var written = GuardEncoder.guards("acme", Map.of("g", guard)).getGuards(0).getDetectors(0);

    assertThat(written)
        .isEqualTo(
            dev.penstock.proto.policy.v1.Detector.newBuilder()
                .setType("http")
                .setAction("block")
                .setUrl("https://guard.example/v1/check")
                .setTimeoutMs(2_000)
                .setOnFailure("allow")
                .setMaxConcurrent(16)
                .build());
  }
}
