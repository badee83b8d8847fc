package dev.penstock.benchmarks.report;

import dev.penstock.benchmarks.instrument.ChunkRound;
import dev.penstock.benchmarks.instrument.FirstTokenRound;
import dev.penstock.benchmarks.instrument.GuardSearchRound;
import dev.penstock.benchmarks.instrument.HoldRound;
import dev.penstock.benchmarks.instrument.LookUpRound;
import dev.penstock.benchmarks.instrument.OpenRound;
import dev.penstock.benchmarks.instrument.Round;
import dev.penstock.benchmarks.instrument.StalledRound;
import dev.penstock.benchmarks.report.Summary.Column;
import dev.penstock.benchmarks.report.Summary.Detail;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Which figures each instrument's rounds give. */
public final class Summaries {
  private static final String DIRECT = "direct";
  private static final String NGINX = "nginx";
  private static final String PENSTOCK = "penstock";
  private static final double MIB = 1024;

  private Summaries() {}

  public static Summary chunkCost(String title, List<String> targets, List<ChunkRound> rounds) {
    Figure<ChunkRound> cost = new Figure<>(rounds, ChunkRound::cost);
    return new Summary(
        title,
        "CPU seconds (user + system) per million relayed chunks at a fixed rate; transit from provider to client in µs",
        targets,
        List.of(
            new Column("cost", "CPU-s/1M", 1, Detail.SPREAD, cost::of),
            new Column(
                "costTimesNginx", "× nginx", 2, Detail.SPREAD, target -> cost.times(target, NGINX)),
            column("helperCost", "helpers", 1, rounds, ChunkRound::helperCost),
            column("transitP50Micros", "transit p50", 0, rounds, ChunkRound::transitP50Micros),
            column("transitP99Micros", "transit p99", 0, rounds, ChunkRound::transitP99Micros),
            column("chunksPerSecond", "chunks/s", 0, rounds, ChunkRound::chunksPerSecond),
            column("simulatorCost", "simulator", 1, rounds, ChunkRound::simulatorCost),
            column("clientCost", "clients", 1, rounds, ChunkRound::clientCost)),
        List.<Round>copyOf(rounds));
  }

  public static Summary firstToken(List<String> targets, List<FirstTokenRound> rounds) {
    Figure<FirstTokenRound> p50 = new Figure<>(rounds, FirstTokenRound::p50Micros);
    Figure<FirstTokenRound> cpu = new Figure<>(rounds, FirstTokenRound::cpuMicrosPerStream);
    Figure<FirstTokenRound> p99 = new Figure<>(rounds, FirstTokenRound::p99Micros);
    return new Summary(
        "Time to first token",
        "µs from the request's last byte to the first content chunk, in a closed loop; added: beyond direct in the same round",
        targets,
        List.of(
            new Column("p50Micros", "p50", 0, Detail.MEDIAN, p50::of),
            new Column(
                "addedP50Micros",
                "added p50",
                0,
                Detail.SPREAD,
                target -> p50.beyond(target, DIRECT)),
            new Column(
                "addedP50TimesNginx",
                "added × nginx",
                2,
                Detail.SPREAD,
                target -> p50.timesBeyond(target, NGINX, DIRECT)),
            new Column("p99Micros", "p99", 0, Detail.MEDIAN, p99::of),
            new Column(
                "addedP99Micros",
                "added p99",
                0,
                Detail.MEDIAN,
                target -> p99.beyond(target, DIRECT)),
            column("streamsPerSecond", "streams/s", 0, rounds, FirstTokenRound::streamsPerSecond),
            new Column("cpuMicrosPerStream", "CPU µs/stream", 0, Detail.SPREAD, cpu::of),
            new Column(
                "cpuTimesPenstock",
                "× penstock",
                2,
                Detail.SPREAD,
                target ->
                    target.equals(PENSTOCK) ? Optional.empty() : cpu.times(target, PENSTOCK))),
        List.<Round>copyOf(rounds));
  }

  public static Summary lookUp(List<String> sizes, List<LookUpRound> rounds) {
    Figure<LookUpRound> nanos = new Figure<>(rounds, LookUpRound::nanos);
    return new Summary(
        "Authentication and policy look-up",
        "ns from the text of an API key to the verdict on a model, on one thread, keys in random order",
        sizes,
        List.of(
            new Column("nanos", "ns", 0, Detail.SPREAD, nanos::of),
            new Column(
                "timesFewest",
                "× " + sizes.getFirst(),
                2,
                Detail.SPREAD,
                size -> nanos.times(size, sizes.getFirst()))),
        List.<Round>copyOf(rounds));
  }

  public static Summary hold(List<String> names, List<HoldRound> rounds) {
    Figure<HoldRound> nanos = new Figure<>(rounds, HoldRound::nanos);
    return new Summary(
        "Holds",
        "ns to set a worst case aside on the leases of three budgets, on one thread",
        names,
        List.of(new Column("nanos", "ns", 0, Detail.SPREAD, nanos::of)),
        List.<Round>copyOf(rounds));
  }

  public static Summary guardSearch(List<String> prompts, List<GuardSearchRound> rounds) {
    return new Summary(
        "Search by guards",
        "µs to search a prompt for all personal data and for credentials, on one thread",
        prompts,
        List.of(
            new Column(
                "micros",
                "µs",
                1,
                Detail.SPREAD,
                new Figure<>(rounds, GuardSearchRound::micros)::of)),
        List.<Round>copyOf(rounds));
  }

  public static Summary openStreams(List<String> targets, List<OpenRound> rounds) {
    Figure<OpenRound> each = new Figure<>(rounds, OpenRound::kibPerStream);
    return new Summary(
        "Memory of open streams",
        "resident memory of fresh processes, idle and with slow streams open (1 chunk/s each)",
        targets,
        List.of(
            new Column("kibPerStream", "KiB/stream", 1, Detail.SPREAD, each::of),
            new Column(
                "kibPerStreamTimesNginx",
                "× nginx",
                2,
                Detail.MEDIAN,
                target -> each.times(target, NGINX)),
            column("idleMib", "idle MiB", 0, rounds, round -> round.idle().residentKib() / MIB),
            column("openMib", "open MiB", 0, rounds, round -> round.open().residentKib() / MIB),
            column("openStreams", "streams", 0, rounds, OpenRound::openStreams)),
        List.<Round>copyOf(rounds));
  }

  public static Summary stalled(List<String> targets, List<StalledRound> rounds) {
    return new Summary(
        "Memory of stalled clients",
        "peak resident memory while clients do not read, beyond the peak of the same load read freely and beyond idle",
        targets,
        List.of(
            new Column(
                "kibPerClientBeyondFree",
                "KiB/client > free",
                1,
                Detail.SPREAD,
                new Figure<>(rounds, StalledRound::kibPerClientBeyondFree)::of),
            column(
                "kibPerClientBeyondIdle",
                "KiB/client > idle",
                1,
                rounds,
                StalledRound::kibPerClientBeyondIdle),
            column(
                "providerMegabytesPerClient",
                "MB taken",
                2,
                rounds,
                StalledRound::providerMegabytesPerClient),
            column("idleMib", "idle MiB", 0, rounds, round -> round.idle().residentKib() / MIB),
            column("freeMib", "free MiB", 0, rounds, round -> round.free().residentKib() / MIB),
            column(
                "stalledMib",
                "stalled MiB",
                0,
                rounds,
                round -> round.stalled().residentKib() / MIB)),
        List.<Round>copyOf(rounds));
  }

  private static <R extends Round> Column column(
      String key, String heading, int decimals, List<R> rounds, ToDoubleFunction<R> reading) {
    return new Column(key, heading, decimals, Detail.MEDIAN, new Figure<>(rounds, reading)::of);
  }
}
