package dev.penstock.benchmarks;

import dev.penstock.benchmarks.instrument.ChunkCost;
import dev.penstock.benchmarks.instrument.ChunkRound;
import dev.penstock.benchmarks.instrument.FirstToken;
import dev.penstock.benchmarks.instrument.FirstTokenRound;
import dev.penstock.benchmarks.instrument.GuardSearch;
import dev.penstock.benchmarks.instrument.GuardSearchRound;
import dev.penstock.benchmarks.instrument.HoldCost;
import dev.penstock.benchmarks.instrument.HoldRound;
import dev.penstock.benchmarks.instrument.InProcess;
import dev.penstock.benchmarks.instrument.LookUp;
import dev.penstock.benchmarks.instrument.LookUpRound;
import dev.penstock.benchmarks.instrument.OpenRound;
import dev.penstock.benchmarks.instrument.OpenStreams;
import dev.penstock.benchmarks.instrument.Rig;
import dev.penstock.benchmarks.instrument.Round;
import dev.penstock.benchmarks.instrument.StalledClients;
import dev.penstock.benchmarks.instrument.StalledRound;
import dev.penstock.benchmarks.load.Tally;
import dev.penstock.benchmarks.machine.MachineFacts;
import dev.penstock.benchmarks.report.Report;
import dev.penstock.benchmarks.report.Summaries;
import dev.penstock.benchmarks.report.Summary;
import dev.penstock.benchmarks.target.Target;
import dev.penstock.benchmarks.target.Targets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * One run, from the first probe to the report.
 *
 * <p>Memory comes first, as it wants fresh processes; the processes of its last round are then
 * warmed up, once, for the instruments that compare. In each round every target has its turn, and
 * the turns move on by one from round to round, so that no target is always the first.
 */
public final class BenchRun {
  private final Settings settings;
  private final Set<Instrument> instruments;
  private final Targets targets;
  private final Consumer<String> progress;
  private final Rig rig;
  private final List<String> notes = new ArrayList<>();

  /** What can be measured; the word for it in options. */
  public enum Instrument {
    OPEN_STREAMS,
    STALLED,
    CHUNKS,
    BURSTS,
    FIRST_TOKEN,
    LOOK_UP,
    GUARDS,
    HOLD;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The targets have to be started. */
  public BenchRun(
      Settings settings, Set<Instrument> instruments, Targets targets, Consumer<String> progress) {
    this.settings = settings;
    this.instruments = Set.copyOf(instruments);
    this.targets = targets;
    this.progress = progress;
    this.rig = new Rig(settings, targets.simulator());
  }

  public Report measure(MachineFacts machine) {
    Instant startedAt = Instant.now();
    for (Target target : targets.all()) {
      rig.awaitWorking(target);
      progress.accept(target.name() + " answers");
    }
    Map<String, Summary> summaries = new LinkedHashMap<>();
    measureHere(summaries);
    measureMemory(summaries);
    measureCost(summaries);
    return new Report(
        startedAt,
        machine,
        MachineFacts.loadAverage(),
        settings,
        descriptions(),
        allNotes(),
        Collections.unmodifiableMap(summaries));
  }

  /** What is measured alone, before any other process has work. */
  private void measureHere(Map<String, Summary> summaries) {
    if (instruments.contains(Instrument.LOOK_UP)) {
      List<LookUp> sizes = LookUp.sizes();
      List<LookUpRound> seen = roundsHere(sizes, LookUp.WARM_UP_ROUNDS);
      summaries.put("lookUp", Summaries.lookUp(sizes.stream().map(LookUp::name).toList(), seen));
    }
    if (instruments.contains(Instrument.HOLD)) {
      List<HoldCost> both = HoldCost.both();
      List<HoldRound> seen = roundsHere(both, HoldCost.WARM_UP_ROUNDS);
      summaries.put("hold", Summaries.hold(both.stream().map(HoldCost::name).toList(), seen));
    }
    if (instruments.contains(Instrument.GUARDS)) {
      List<GuardSearch> prompts = GuardSearch.prompts();
      List<GuardSearchRound> seen = roundsHere(prompts, GuardSearch.WARM_UP_ROUNDS);
      summaries.put(
          "guardSearch",
          Summaries.guardSearch(prompts.stream().map(GuardSearch::name).toList(), seen));
    }
  }

  private <R extends Round> List<R> roundsHere(List<? extends InProcess<R>> all, int warmUp) {
    for (int i = 0; i < warmUp; i++) {
      all.forEach(each -> each.measure(0));
    }
    List<R> seen = new ArrayList<>();
    for (int round = 1; round <= settings.rounds(); round++) {
      for (InProcess<R> each : all) {
        R read = each.measure(round);
        seen.add(read);
        progress.accept(line(read, settings.rounds()));
      }
    }
    return seen;
  }

  private void measureMemory(Map<String, Summary> summaries) {
    int rounds = settings.memoryRounds();
    if (instruments.contains(Instrument.OPEN_STREAMS)) {
      List<OpenRound> seen = rounds(rounds, governed(), new OpenStreams(rig)::measure);
      summaries.put("openStreams", Summaries.openStreams(names(governed()), seen));
    }
    if (instruments.contains(Instrument.STALLED)) {
      List<StalledRound> seen = rounds(rounds, governed(), new StalledClients(rig)::measure);
      summaries.put("stalledClients", Summaries.stalled(names(governed()), seen));
    }
  }

  private void measureCost(Map<String, Summary> summaries) {
    boolean chunks = instruments.contains(Instrument.CHUNKS);
    boolean bursts = instruments.contains(Instrument.BURSTS);
    boolean firstToken = instruments.contains(Instrument.FIRST_TOKEN);
    if (!chunks && !bursts && !firstToken) {
      return;
    }
    targets.all().stream().filter(Target::needsWarmUp).forEach(this::warmUp);
    List<Target> all = targets.all();
    if (chunks) {
      List<ChunkRound> seen = rounds(settings.rounds(), all, ChunkCost.ofSingles(rig)::measure);
      summaries.put("chunkCost", Summaries.chunkCost("CPU per chunk", names(all), seen));
    }
    if (bursts) {
      List<ChunkRound> seen = rounds(settings.rounds(), all, ChunkCost.ofBursts(rig)::measure);
      summaries.put("burstCost", Summaries.chunkCost("CPU per chunk in bursts", names(all), seen));
    }
    if (firstToken) {
      List<FirstTokenRound> seen = rounds(settings.rounds(), all, new FirstToken(rig)::measure);
      summaries.put("firstToken", Summaries.firstToken(names(all), seen));
    }
  }

  /** Those that are something: direct has no process whose memory could be read. */
  private List<Target> governed() {
    return targets.all().stream().filter(target -> !target.processes().isEmpty()).toList();
  }

  private void warmUp(Target target) {
    long began = System.nanoTime();
    Tally seen = rig.warmUp(target);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    progress.accept("%s warmed up in %d s".formatted(target.name(), Math.max(1, took.toSeconds())));
    if (seen.bad() > 0) {
      notes.add("%s while warming up: %s".formatted(target.name(), seen.faults()));
    }
  }

  private <R extends Round> List<R> rounds(
      int count, List<Target> turns, BiFunction<Target, Integer, R> measure) {
    List<R> seen = new ArrayList<>();
    List<Target> order = new ArrayList<>(turns);
    for (int round = 1; round <= count; round++) {
      for (Target target : order) {
        R read = measure.apply(target, round);
        seen.add(read);
        progress.accept(line(read, count));
      }
      Collections.rotate(order, 1);
    }
    return seen;
  }

  private static String line(Round read, int count) {
    String found =
        switch (read) {
          case ChunkRound it ->
              "%.1f CPU-s/1M chunks at %.0f chunks/s".formatted(it.cost(), it.chunksPerSecond());
          case FirstTokenRound it -> "TTFT p50 %d µs".formatted(it.p50Micros());
          case HoldRound it -> "%.0f ns an exchange".formatted(it.nanos());
          case LookUpRound it -> "%.0f ns a look-up".formatted(it.nanos());
          case GuardSearchRound it -> "%.1f µs a search".formatted(it.micros());
          case OpenRound it ->
              "%.1f KiB a stream, %d open".formatted(it.kibPerStream(), it.openStreams());
          case StalledRound it ->
              "%.1f KiB a stalled client".formatted(it.kibPerClientBeyondFree());
        };
    String bad =
        read.checked().bad() == 0
            ? ""
            : ", BAD: %d of %d %s"
                .formatted(read.checked().bad(), read.checked().streams(), read.checked().faults());
    return "round %d of %d  %-8s  %s%s".formatted(read.round(), count, read.target(), found, bad);
  }

  private static List<String> names(List<Target> some) {
    return some.stream().map(Target::name).toList();
  }

  private Map<String, String> descriptions() {
    Map<String, String> all = new LinkedHashMap<>();
    targets.all().forEach(target -> all.put(target.name(), target.description()));
    return all;
  }

  private List<String> allNotes() {
    List<String> all = new ArrayList<>(targets.notes());
    all.addAll(notes);
    if (!settings.canJudge()) {
      all.add(
          "%d rounds after %d warm-up chunks (expected for figures that mean something: %d after %d)"
              .formatted(
                  settings.rounds(),
                  settings.warmUp().chunks(),
                  Settings.LEAST_ROUNDS,
                  Settings.LEAST_WARM_UP));
    }
    return List.copyOf(all);
  }
}
