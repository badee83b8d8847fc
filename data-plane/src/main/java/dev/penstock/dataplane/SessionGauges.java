package dev.penstock.dataplane;

import dev.penstock.dataplane.enrolment.Identity;
import dev.penstock.dataplane.session.Down;
import dev.penstock.dataplane.session.NodeSession;
import dev.penstock.dataplane.telemetry.Keys;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.InstantSource;

/** Whether and why the control plane is out of reach, and for how long the certificate is good. */
final class SessionGauges {

  private SessionGauges() {}

  static void register(
      MeterRegistry registry, NodeSession session, Identity identity, InstantSource clock) {
    for (Down why : Down.values()) {
      if (why != Down.NONE) {
        registry.gauge(
            Keys.SESSION_DOWN,
            Tags.of(Keys.REASON, why.word()),
            session,
            it -> it.view().down() == why ? 1 : 0);
      }
    }
    registry.gauge(
        Keys.CERTIFICATE_REMAINING_SECONDS,
        identity,
        it ->
            it.expiresAt()
                .map(end -> (double) Duration.between(clock.instant(), end).toSeconds())
                .orElse(0.0));
  }
}
