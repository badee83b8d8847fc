package dev.penstock.dataplane.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.dataplane.dialect.field.Field;
import dev.penstock.dataplane.dialect.field.Uses;
import dev.penstock.dataplane.exchange.RefusedException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One object of a client's request, which remembers what was asked of it: what nobody has asked for
 * by the time of {@link #noteUnknown} is a {@link Feature#UNKNOWN_FIELD}. {@code null} is absent.
 * Every refusal is an {@code invalid_request} that names the field.
 */
public final class FieldReader {

  /** More than any request has items, parts or tools. */
  private static final int MAX_ELEMENTS = 100_000;

  private final Field object;
  private final Uses uses;
  private final Set<String> asked = new HashSet<>();

  private FieldReader(Field object, Uses uses) {
    this.object = object.object();
    this.uses = uses;
  }

  /**
   * @param body an object
   * @param used receives the features that a decoder notes, with the first field of each
   */
  public static FieldReader ofBody(JsonNode body, Map<Feature, String> used) {
    return new FieldReader(Field.root(body), new Uses(used));
  }

  /** The path of a field of this object, such as {@code tools[0].name}. */
  public String pathOf(String field) {
    return path().isEmpty() ? field : path() + "." + field;
  }

  /** The path of this object itself. */
  public String path() {
    return object.path();
  }

  /** Whether the field is there; asking makes it a known one. */
  public boolean has(String field) {
    return find(field).isPresent();
  }

  public Optional<Field> find(String field) {
    asked.add(field);
    return object.find(field);
  }

  public Field need(String field) {
    asked.add(field);
    return object.need(field);
  }

  /** The field as it is. */
  public Optional<JsonNode> node(String field) {
    return find(field).map(Field::node);
  }

  public Optional<String> text(String field) {
    return find(field).map(Field::text);
  }

  public String requiredText(String field) {
    return need(field).text();
  }

  public Optional<Boolean> flag(String field) {
    return find(field).map(Field::flag);
  }

  public OptionalLong whole(String field, long min, long max) {
    Optional<Field> number = find(field);
    return number.isEmpty() ? OptionalLong.empty() : OptionalLong.of(number.get().whole(min, max));
  }

  public OptionalDouble number(String field, double min, double max) {
    Optional<Field> number = find(field);
    return number.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(number.get().number(min, max));
  }

  public Optional<FieldReader> object(String field) {
    return find(field).map(it -> new FieldReader(it, uses));
  }

  public FieldReader requiredObject(String field) {
    return new FieldReader(need(field), uses);
  }

  /** The elements of an array; none where the field is absent. */
  public List<JsonNode> elements(String field) {
    return fields(field).stream().map(Field::node).toList();
  }

  /** The elements of an array with their paths; none where the field is absent. */
  public List<Field> fields(String field) {
    return find(field).map(array -> array.items(MAX_ELEMENTS)).orElseGet(List::of);
  }

  /** The elements of an array of objects; none where the field is absent. */
  public List<FieldReader> objects(String field) {
    return fields(field).stream().map(it -> new FieldReader(it, uses)).toList();
  }

  /** The request uses a feature; {@code field} of this object is where. */
  public void note(Feature feature, String field) {
    uses.note(feature, pathOf(field));
  }

  /** Every field of this object that nobody has asked for is one that is not known. */
  public void noteUnknown() {
    object.noteUnknown(asked, uses);
  }

  /**
   * A refusal of a field of this object.
   *
   * @param fault goes on from the field's name, such as {@code must be a string}
   */
  public RefusedException wrong(String field, String fault) {
    String path = pathOf(field);
    return new Field(object.node(), path).invalid("The field " + path + " " + fault + ".");
  }
}
