package dev.penstock.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.admin.AdminClient;
import dev.penstock.cli.admin.AdminClient.Planned;
import dev.penstock.cli.admin.AdminProblem;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Plans a rollback, shows the plan, and carries out exactly that. */
final class RevisionRollback {

  /** How far it may go. */
  enum Mode {
    /** Only tell. */
    PLAN,
    /** Do it, unless something would be deleted. */
    KEEP,
    /** Do it, whatever the plan says. */
    ALL
  }

  private final AdminClient admin;
  private final long revision;

  RevisionRollback(AdminClient admin, long revision) {
    this.admin = admin;
    this.revision = revision;
  }

  /**
   * @param out takes what people are to read, piece by piece: the plan is out before it is done
   */
  void run(Mode mode, Consumer<String> out) {
    Planned planned = attempt(() -> admin.planRollback(revision));
    PlanText plan = new PlanText(planned.plan());
    out.accept(plan.toString() + leftAlone(planned.plan()));
    if (mode == Mode.PLAN || plan.differences() == 0) {
      return;
    }
    if (plan.deletions() > 0 && mode == Mode.KEEP) {
      throw CommandFailure.failed(
          "%d would be deleted; nothing was changed. Say --yes if that is meant."
              .formatted(plan.deletions()));
    }
    AdminClient.Done done = attempt(() -> admin.rollback(revision, planned));
    StringBuilder text = new StringBuilder();
    ManifestApply.Change.read(done.answer())
        .forEach(change -> text.append(change.line()).append('\n'));
    text.append(done.revisionLine()).append('\n');
    out.accept(text.toString());
  }

  private static String leftAlone(JsonNode plan) {
    if (plan.path("leftAlone").isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("left alone:\n");
    for (JsonNode each : plan.path("leftAlone")) {
      text.append("  ").append(each.path("kind").asText()).append(' ');
      if (each.path("tenant").isTextual()) {
        text.append(each.path("tenant").asText()).append('/');
      }
      text.append(each.path("name").asText())
          .append(": ")
          .append(each.path("reason").asText())
          .append('\n');
    }
    return text.toString();
  }

  private static <T> T attempt(Supplier<T> call) {
    try {
      return call.get();
    } catch (AdminProblem problem) {
      StringBuilder text = new StringBuilder("nothing was changed. ").append(problem.sentence());
      problem
          .faults()
          .forEach(fault ->
              text.append("\n  ").append(fault.field()).append(": ").append(fault.detail()));
      throw CommandFailure.failed(text.toString());
    }
  }
}
