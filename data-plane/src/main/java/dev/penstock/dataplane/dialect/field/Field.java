package dev.penstock.dataplane.dialect.field;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A value of a request, with the client's name for it. What is asked of it and does not hold is
 * refused with {@code invalid_request} that names it.
 *
 * @param path such as {@code messages[2].content}; empty for the body itself
 */
public record Field(JsonNode node, String path) {

  public static Field root(JsonNode body) {
    return new Field(body, "");
  }

  /** A member that is there and not null. */
  public Optional<Field> find(String name) {
    JsonNode member = object().node.get(name);
    return member == null || member.isNull()
        ? Optional.empty()
        : Optional.of(new Field(member, nameOf(name)));
  }

  public Field need(String name) {
    return find(name)
        .orElseThrow(() ->
            new Field(node, nameOf(name))
                .invalid("The field %s is missing.".formatted(nameOf(name))));
  }

  private String nameOf(String member) {
    return path.isEmpty() ? member : path + "." + member;
  }

  public Field object() {
    if (!node.isObject()) {
      throw invalid("The field %s must be an object.".formatted(path));
    }
    return this;
  }

  public String text() {
    if (!node.isTextual()) {
      throw invalid("The field %s must be a string.".formatted(path));
    }
    return node.textValue();
  }

  /** A text of 1 to {@code max} characters. */
  public String text(int max) {
    String text = text();
    if (text.isEmpty() || text.length() > max) {
      throw invalid("The field %s must have 1 to %d characters.".formatted(path, max));
    }
    return text;
  }

  /** One of some words. */
  public <T> T word(Map<String, T> words) {
    T meaning = words.get(text());
    if (meaning == null) {
      String known = String.join(", ", words.keySet().stream().sorted().toList());
      throw invalid("The field %s must be one of %s.".formatted(path, known));
    }
    return meaning;
  }

  public boolean flag() {
    if (!node.isBoolean()) {
      throw invalid("The field %s must be true or false.".formatted(path));
    }
    return node.booleanValue();
  }

  public long whole(long min, long max) {
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.longValue() < min
        || node.longValue() > max) {
      throw invalid("The field %s must be a whole number from %d to %d.".formatted(path, min, max));
    }
    return node.longValue();
  }

  public double number(double min, double max) {
    if (!node.isNumber() || node.doubleValue() < min || node.doubleValue() > max) {
      throw invalid("The field %s must be a number from %s to %s.".formatted(path, min, max));
    }
    return node.doubleValue();
  }

  /** The elements of an array, {@code max} at most. */
  public List<Field> items(int max) {
    if (!node.isArray()) {
      throw invalid("The field %s must be an array.".formatted(path));
    }
    if (node.size() > max) {
      throw invalid("The field %s may have %d elements at most.".formatted(path, max));
    }
    List<Field> items = new ArrayList<>(node.size());
    for (JsonNode item : node) {
      items.add(new Field(item, path + "[" + items.size() + "]"));
    }
    return items;
  }

  /** Notes the first member that is stated and not among {@code known}. */
  public void noteUnknown(Set<String> known, Uses uses) {
    for (Map.Entry<String, JsonNode> member : object().node.properties()) {
      if (!member.getValue().isNull() && !known.contains(member.getKey())) {
        uses.note(Feature.UNKNOWN_FIELD, nameOf(member.getKey()));
      }
    }
  }

  /** Notes the members that use a feature by being there at all. */
  public void notePresent(Map<String, Feature> features, Uses uses) {
    for (Map.Entry<String, JsonNode> member : object().node.properties()) {
      Feature feature = features.get(member.getKey());
      if (feature != null && !member.getValue().isNull()) {
        uses.note(feature, nameOf(member.getKey()));
      }
    }
  }

  public RefusedException invalid(String message) {
    return (path.isEmpty()
            ? Refusal.of(Code.INVALID_REQUEST, message)
            : Refusal.ofField(Code.INVALID_REQUEST, path, message))
        .toException();
  }

  /** Shows no prompt. */
  @Override
  public String toString() {
    return "Field[" + path + "]";
  }
}
