package dev.penstock.dataplane.journal;

import dev.penstock.dataplane.journal.ExchangeRecord.Caller;
import dev.penstock.dataplane.journal.ExchangeRecord.Charge;
import dev.penstock.dataplane.journal.ExchangeRecord.OpenHold;
import dev.penstock.dataplane.journal.ExchangeRecord.Outcome;
import dev.penstock.dataplane.journal.ExchangeRecord.Presumption;
import dev.penstock.dataplane.journal.ExchangeRecord.Target;
import dev.penstock.dataplane.journal.ExchangeRecord.Timing;
import dev.penstock.dataplane.journal.ExchangeRecord.UsageSource;
import dev.penstock.dataplane.wire.SpoolRecords;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.money.Tokens;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Records and small spools for tests. */
public final class SpoolKit {

  public static final RecordCodec CODEC = new SpoolRecords("eu-west-1", "eu-west");

  /** Small segments and a keeper that does not make tests wait. */
  public static final SpoolLimits SMALL =
      new SpoolLimits(1 << 20, 32 << 10, 2048, Duration.ofMillis(5), 16);

  private SpoolKit() {}

  public static Spool open(Path dir) throws IOException {
    return Spool.open(dir, SMALL, CODEC);
  }

  public static ExchangeRecord record(String id, long cost, List<String> leaseIds) {
    return new ExchangeRecord(
        id,
        Instant.EPOCH,
        new Caller("acme", List.of("acme"), "k123456789", "app", "", Map.of("app", "support")),
        "openai-chat",
        "sse",
        true,
        "assistant",
        "assistant",
        new Target("sim-eu", "openai-eu", "eu-west", "acme/openai-eu", 1),
        7,
        List.of(),
        List.of(),
        new Timing(1, 2, 3),
        Tokens.of(10, 20),
        UsageSource.PROVIDER,
        "",
        new NanoUsd(cost),
        Outcome.SERVED,
        "",
        200,
        leaseIds.stream().map(lease -> new Charge(lease, new NanoUsd(cost))).toList(),
        false);
  }

  /** A hold of 1,000,000 nano-USD: 10 input tokens at 1, each output token at 2 nano-USD. */
  public static OpenHold hold(String id, String... leaseIds) {
    return new OpenHold(
        record(id, 0, List.of()),
        List.of(leaseIds),
        new NanoUsd(1_000_000),
        new Presumption(10, 1_000_000, 2_000_000));
  }
}
