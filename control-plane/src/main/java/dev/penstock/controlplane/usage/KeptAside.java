package dev.penstock.controlplane.usage;

import dev.penstock.controlplane.usage.SpoolEntry.Content;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Tells the platform engineer what could not be counted: records that were kept aside, with their
 * bytes in {@code usage.usage_quarantine}, and parts of spools that nodes could not read back. Both
 * are wrong in any number, so either counter above zero is worth an alarm.
 */
@Singleton
public class KeptAside {

  private static final Logger LOG = Logger.getLogger(KeptAside.class);

  private final Counter quarantined;
  private final Counter gaps;

  KeptAside(MeterRegistry meters) {
    quarantined = meters.counter("penstock.usage.quarantined");
    gaps = meters.counter("penstock.usage.gaps");
  }

  /** What a committed delivery brought that is no request. */
  record Found(Delivery delivery, List<SpoolEntry> entries) {
    Found {
      entries = List.copyOf(entries);
    }

    static Found of(Delivery delivery, List<SpoolEntry> entries) {
      return new Found(
          delivery,
          entries.stream().filter(entry -> !(entry.content() instanceof Content.Request)).toList());
    }
  }

  /** Told after the commit, so that nothing is told twice. */
  void tell(Found found) {
    String node = found.delivery().node();
    for (SpoolEntry entry : found.entries()) {
      switch (entry.content()) {
        case Content.Request request -> {}
        case Content.Gap gap -> {
          gaps.increment();
          LOG.errorf("node %s lost %d bytes of its spool: %s", node, gap.bytes(), gap.reason());
        }
        case Content.Poison poison -> {
          quarantined.increment();
          LOG.errorf(
              "record %d of spool %s (node %s) is kept aside: %s",
              entry.seq(), found.delivery().batch().spoolId(), node, poison.reason());
        }
      }
    }
  }
}
