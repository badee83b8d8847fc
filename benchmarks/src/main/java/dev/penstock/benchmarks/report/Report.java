package dev.penstock.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.benchmarks.Settings;
import dev.penstock.benchmarks.machine.MachineFacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Everything about a run: on what, with which settings, what each round read, what follows.
 *
 * @param targets what each compared thing is, by name
 * @param notes what a reader of the figures must know
 * @param summaries by instrument
 */
public record Report(
    Instant startedAt,
    MachineFacts machine,
    double loadAverageAfter,
    Settings settings,
    Map<String, String> targets,
    List<String> notes,
    Map<String, Summary> summaries) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public List<Goal> goals() {
    return Goal.of(summaries, settings.canJudge());
  }

  /** Streams that lost something, over all instruments; has to be 0. */
  public long bad() {
    return summaries.values().stream().mapToLong(Summary::bad).sum();
  }

  public String json() {
    ObjectNode all = JSON.createObjectNode();
    all.put("startedAt", startedAt.toString());
    all.set("machine", JSON.valueToTree(machine));
    all.put("loadAverageAfter", loadAverageAfter);
    all.set("settings", JSON.valueToTree(settings));
    all.set("targets", JSON.valueToTree(targets));
    all.set("notes", JSON.valueToTree(notes));
    all.put("bad", bad());
    ArrayNode goals = all.putArray("goals");
    goals().forEach(goal -> add(goals.addObject(), goal));
    summaries.forEach((name, summary) -> {
      ObjectNode part = all.putObject(name);
      part.put("explanation", summary.explanation());
      part.set("figures", JSON.valueToTree(summary.figures()));
      part.set("rounds", JSON.valueToTree(summary.rounds()));
    });
    return all.toPrettyString() + "\n";
  }

  private static void add(ObjectNode node, Goal goal) {
    node.put("text", goal.text()).put("limit", goal.limit());
    goal.found().ifPresent(found -> node.set("found", JSON.valueToTree(found)));
    goal.met().ifPresent(met -> node.put("met", met));
  }

  public String text() {
    StringBuilder text = new StringBuilder("\n");
    text.append(
        "%s, %d cores, %d MiB, %s, Java %s; load average %.2f before, %.2f after%n"
            .formatted(
                machine.processor(),
                machine.cores(),
                machine.memoryMib(),
                machine.kernel(),
                machine.java(),
                machine.loadAverageBefore(),
                loadAverageAfter));
    text.append("Medians over the rounds; in brackets least, quartiles and most.\n\n");
    summaries.values().forEach(summary -> text.append(summary.text()).append('\n'));
    goals().forEach(goal -> text.append(goal.line()).append('\n'));
    text.append(
        "bad streams: %d of %d%n"
            .formatted(bad(), summaries.values().stream().mapToLong(Summary::streams).sum()));
    notes.forEach(note -> text.append("note: ").append(note).append('\n'));
    return text.toString();
  }
}
