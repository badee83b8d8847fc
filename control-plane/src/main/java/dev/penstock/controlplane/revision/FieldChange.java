package dev.penstock.controlplane.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One field of a manifest that a write changes.
 *
 * @param field such as {@code spec.window.every}; a list is one field
 * @param from empty where the field was not stated
 * @param to empty where it no longer is
 */
public record FieldChange(String field, Optional<JsonNode> from, Optional<JsonNode> to) {

  /** What two specs differ in, by name of field. */
  static List<FieldChange> between(ObjectNode from, ObjectNode to) {
    List<FieldChange> changes = new ArrayList<>();
    collect("spec", from, to, changes);
    return changes;
  }

  private static void collect(
      String path, ObjectNode from, ObjectNode to, List<FieldChange> changes) {
    Set<String> names = new TreeSet<>();
    from.fieldNames().forEachRemaining(names::add);
    to.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      String field = path + "." + name;
      if (from.get(name) instanceof ObjectNode before && to.get(name) instanceof ObjectNode after) {
        collect(field, before, after, changes);
      } else if (!Optional.ofNullable(from.get(name)).equals(Optional.ofNullable(to.get(name)))) {
        changes.add(
            new FieldChange(
                field, Optional.ofNullable(from.get(name)), Optional.ofNullable(to.get(name))));
      }
    }
  }
}
