package dev.penstock.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.admin.AdminClient;
import dev.penstock.cli.admin.AdminClient.Others;
import dev.penstock.cli.admin.AdminClient.Planned;
import dev.penstock.cli.admin.AdminProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sends manifests as one change, and says which of them was wrong when it was refused. */
public final class ManifestApply {
  private static final Pattern ITEM = Pattern.compile("items\\[(\\d{1,6})]\\.?(.*)");

  private final AdminClient admin;

  public ManifestApply(AdminClient admin) {
    this.admin = admin;
  }

  /**
   * What a change did.
   *
   * @param revisionLine under which revision it is in force, as a line for people
   */
  public record Applied(
      String revision, List<Change> changes, List<NewKey> keys, String revisionLine) {
    public Applied {
      changes = List.copyOf(changes);
      keys = List.copyOf(keys);
    }
  }

  /** One resource: created, updated, deleted or unchanged. */
  public record Change(String kind, String tenant, String name, String action) {

    static List<Change> read(JsonNode answer) {
      List<Change> changes = new ArrayList<>();
      for (JsonNode change : answer.path("changes")) {
        changes.add(
            new Change(
                change.path("kind").asText(),
                change.path("tenant").asText(""),
                change.path("name").asText(),
                change.path("action").asText()));
      }
      return changes;
    }

    /** A line for people. */
    String line() {
      String owned = tenant.isEmpty() ? name : tenant + "/" + name;
      return "%-9s %s %s".formatted(action, kind, owned);
    }
  }

  /** An API key that this change made; it is shown this once. */
  public record NewKey(String tenant, String name, String key) {
    @Override
    public String toString() {
      return "NewKey[tenant=%s, name=%s, key=…]".formatted(tenant, name);
    }
  }

  /** Applies manifests, whatever else is there. */
  public Applied apply(List<Manifest> manifests) {
    return attempt(manifests, () -> read(admin.apply(items(manifests))));
  }

  /** What applying them would do. */
  Planned plan(List<Manifest> manifests, Others others) {
    return attempt(manifests, () -> admin.plan(items(manifests), others));
  }

  /** Does what was planned, unless something else has been written since. */
  Applied apply(List<Manifest> manifests, Others others, Planned planned) {
    return attempt(manifests, () -> read(admin.apply(items(manifests), others, planned)));
  }

  private static List<JsonNode> items(List<Manifest> manifests) {
    return manifests.stream().<JsonNode>map(Manifest::content).toList();
  }

  private static <T> T attempt(List<Manifest> manifests, Supplier<T> call) {
    try {
      return call.get();
    } catch (AdminProblem problem) {
      throw CommandFailure.failed(explain(problem, manifests));
    }
  }

  private static Applied read(AdminClient.Done done) {
    JsonNode answer = done.answer();
    List<NewKey> keys = new ArrayList<>();
    for (JsonNode key : answer.path("keys")) {
      keys.add(
          new NewKey(
              key.path("tenant").asText(), key.path("name").asText(), key.path("key").asText()));
    }
    return new Applied(
        answer.path("revision").asText(), Change.read(answer), keys, done.revisionLine());
  }

  private static String explain(AdminProblem problem, List<Manifest> manifests) {
    StringBuilder text = new StringBuilder("nothing was changed. ").append(problem.sentence());
    for (AdminProblem.FieldFault fault : problem.faults()) {
      text.append("\n  ")
          .append(place(fault.field(), manifests))
          .append(": ")
          .append(fault.detail());
    }
    return text.toString();
  }

  private static String place(String field, List<Manifest> manifests) {
    Matcher item = ITEM.matcher(field);
    if (!item.matches()) {
      return field;
    }
    int index = Integer.parseInt(item.group(1));
    if (index >= manifests.size()) {
      return field;
    }
    String rest = item.group(2);
    return manifests.get(index).place() + (rest.isEmpty() ? "" : ": " + rest);
  }
}
