package dev.penstock.dataplane.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads one object of a client's request, field by field, and knows the path of each. {@code null}
 * is absent. What a decoder has not asked for by the time it calls {@link #noteUnknown} is a {@link
 * Feature#UNKNOWN_FIELD}. Every refusal is an {@code invalid_request} that names the field.
 */
public final class FieldReader {

  private static final Pattern PRESENTABLE = Pattern.compile("[A-Za-z0-9_.$-]{1,64}");

  private final JsonNode object;
  private final String path;
  private final Map<Feature, String> used;
  private final Set<String> asked = new HashSet<>();

  private FieldReader(JsonNode object, String path, Map<Feature, String> used) {
    this.object = object;
    this.path = path;
    this.used = used;
  }

  /**
   * @param body an object
   * @param used receives the features that a decoder notes, with the first field of each
   */
  public static FieldReader ofBody(JsonNode body, Map<Feature, String> used) {
    return new FieldReader(body, "", used);
  }

  /** The path of a field of this object, such as {@code tools[0].name}. */
  public String pathOf(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  /** The path of this object itself. */
  public String path() {
    return path;
  }

  /** Whether the field is there; asking makes it a known one. */
  public boolean has(String field) {
    return node(field).isPresent();
  }

  /** The field as it is. */
  public Optional<JsonNode> node(String field) {
    asked.add(field);
    JsonNode value = object.get(field);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  public Optional<String> text(String field) {
    return node(field)
        .map(value -> {
          if (!value.isTextual()) {
            throw wrong(field, "must be a string");
          }
          return value.textValue();
        });
  }

  public String requiredText(String field) {
    return text(field).orElseThrow(() -> wrong(field, "is missing; it must be a string"));
  }

  public Optional<Boolean> flag(String field) {
    return node(field)
        .map(value -> {
          if (!value.isBoolean()) {
            throw wrong(field, "must be true or false");
          }
          return value.booleanValue();
        });
  }

  public OptionalLong whole(String field, long min, long max) {
    Optional<JsonNode> value = node(field);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    JsonNode number = value.get();
    boolean fits = number.isIntegralNumber() && number.canConvertToLong();
    if (!fits || number.longValue() < min || number.longValue() > max) {
      throw wrong(field, "must be a whole number from " + min + " to " + max);
    }
    return OptionalLong.of(number.longValue());
  }

  public OptionalDouble number(String field, double min, double max) {
    Optional<JsonNode> value = node(field);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    double number = value.get().isNumber() ? value.get().doubleValue() : Double.NaN;
    if (!(number >= min && number <= max)) {
      throw wrong(field, "must be a number from " + min + " to " + max);
    }
    return OptionalDouble.of(number);
  }

  public Optional<FieldReader> object(String field) {
    return node(field).map(value -> of(value, pathOf(field)));
  }

  public FieldReader requiredObject(String field) {
    return object(field).orElseThrow(() -> wrong(field, "is missing; it must be an object"));
  }

  /** The elements of an array; none where the field is absent. */
  public List<JsonNode> elements(String field) {
    Optional<JsonNode> value = node(field);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!value.get().isArray()) {
      throw wrong(field, "must be an array");
    }
    List<JsonNode> elements = new ArrayList<>(value.get().size());
    value.get().forEach(elements::add);
    return elements;
  }

  /** The elements of an array of objects; none where the field is absent. */
  public List<FieldReader> objects(String field) {
    List<JsonNode> elements = elements(field);
    List<FieldReader> objects = new ArrayList<>(elements.size());
    for (int i = 0; i < elements.size(); i++) {
      objects.add(of(elements.get(i), pathOf(field) + "[" + i + "]"));
    }
    return objects;
  }

  private FieldReader of(JsonNode value, String at) {
    if (!value.isObject()) {
      throw invalid(at, "must be an object");
    }
    return new FieldReader(value, at, used);
  }

  /** The request uses a feature; {@code field} of this object is where. */
  public void note(Feature feature, String field) {
    used.putIfAbsent(feature, pathOf(field));
  }

  /** Every field of this object that nobody has asked for is one that is not known. */
  public void noteUnknown() {
    object
        .properties()
        .forEach(member -> {
          if (!asked.contains(member.getKey()) && !member.getValue().isNull()) {
            // A path may go into a header, so a name that is none of an API's is shown as a star.
            boolean presentable = PRESENTABLE.matcher(member.getKey()).matches();
            note(Feature.UNKNOWN_FIELD, presentable ? member.getKey() : "*");
          }
        });
  }

  /**
   * A refusal of a field of this object.
   *
   * @param fault goes on from the field's name, such as {@code must be a string}
   */
  public RefusedException wrong(String field, String fault) {
    return invalid(pathOf(field), fault);
  }

  private static RefusedException invalid(String at, String fault) {
    return Refusal.ofField(Code.INVALID_REQUEST, at, "The field " + at + " " + fault + ".")
        .toException();
  }
}
