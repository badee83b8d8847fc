package dev.penstock.providersim.script;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.providersim.refuse.Complaint;
import dev.penstock.providersim.script.Step.Close;
import dev.penstock.providersim.script.Step.Ending;
import dev.penstock.providersim.script.Step.Event;
import dev.penstock.providersim.script.Step.Finish;
import dev.penstock.providersim.script.Step.Reset;
import dev.penstock.providersim.script.Step.Sleep;
import dev.penstock.providersim.script.Step.Stall;
import dev.penstock.providersim.script.Step.Stamp;
import dev.penstock.providersim.script.Step.Status;
import dev.penstock.providersim.script.Step.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Models that fail in one known way each, so that a fault needs no script of its own. */
final class ReadyFaults {
  private static final Pattern STATUS = Pattern.compile("sim-status-([45]\\d\\d)");
  private static final Pattern BREAK =
      Pattern.compile("sim-(stall|reset|close)(?:-after-(\\d{1,6}))?");

  /** Listed by {@code GET /v1/models}; those with a number stand for any other number. */
  static final List<String> EXAMPLES =
      List.of(
          "sim-close",
          "sim-close-after-5",
          "sim-error-mid-stream",
          "sim-malformed-chunk",
          "sim-missing-usage",
          "sim-no-done",
          "sim-reset",
          "sim-reset-after-5",
          "sim-stall",
          "sim-stall-after-5",
          "sim-status-401",
          "sim-status-429",
          "sim-status-500",
          "sim-status-503");

  private ReadyFaults() {}

  static Optional<Script> find(String name) {
    Matcher status = STATUS.matcher(name);
    if (status.matches()) {
      return Optional.of(Script.of(status(Integer.parseInt(status.group(1)))));
    }
    Matcher broken = BREAK.matcher(name);
    if (broken.matches()) {
      return Optional.of(broken(broken.group(1), broken.group(2)));
    }
    return named(name);
  }

  private static Status status(int code) {
    boolean retriable = code == 429 || code == 503 || code == 529;
    return new Status(code, retriable ? Map.of("retry-after", "1") : Map.of(), null);
  }

  /** Without a count nothing is sent, not even the head; that is how a dead provider looks. */
  private static Script broken(String how, String after) {
    Step end =
        switch (how) {
          case "stall" -> new Stall();
          case "reset" -> new Reset();
          default -> new Close();
        };
    return after == null ? Script.of(end) : Script.of(text(Integer.parseInt(after)), end);
  }

  private static Optional<Script> named(String name) {
    return switch (name) {
      case "sim-malformed-chunk" ->
          script(
              text(2),
              raw("{\"id\":\"chatcmpl-broken\",\"choices\":[{\"del"),
              text(2),
              finish(Ending.WHOLE));
      case "sim-missing-usage" -> script(text(5), finish(Ending.WITHOUT_USAGE));
      case "sim-no-done" -> script(text(5), finish(Ending.WITHOUT_DONE));
      case "sim-error-mid-stream" ->
          script(text(3), new Step.Fail(Complaint.ofStatus(500), OptionalLong.empty()));
      default -> Optional.empty();
    };
  }

  private static Optional<Script> script(Step... steps) {
    List<Step> all = new ArrayList<>();
    all.add(new Sleep(10_000));
    all.addAll(List.of(steps));
    return Optional.of(Script.of(all.toArray(Step[]::new)));
  }

  private static Text text(int chunks) {
    return new Text(chunks, 24, 10_000, 1, Stamp.NONE);
  }

  private static Event raw(String data) {
    return new Event(null, JsonNodeFactory.instance.textNode(data), 0);
  }

  private static Finish finish(Ending ending) {
    return new Finish("stop", ending);
  }
}
