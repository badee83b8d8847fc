package dev.penstock.providersim.refuse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.penstock.providersim.refuse.Complaint.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * An object of a request, read as strictly as providers do. A field that is null counts as absent.
 *
 * @param place where it stands, such as {@code messages[0]}; empty for the request itself
 */
public record RequestFields(String place, JsonNode json) {
  private static final int DEEPEST = 200;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** The whole body; it has to be one JSON object without doubled names. */
  public static RequestFields parse(byte[] body) throws Rejection {
    JsonNode request;
    try {
      request = MAPPER.readTree(body);
    } catch (IOException notJson) {
      throw unparsable();
    }
    if (!request.isObject()) {
      throw unparsable();
    }
    return new RequestFields("", request);
  }

  private static Rejection unparsable() {
    return Rejection.badRequest("We could not parse the JSON body of your request.", null, null);
  }

  /** Refuses every other field. */
  public RequestFields onlyKnown(Set<String> known) throws Rejection {
    Iterator<String> names = json.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name)) {
        throw Rejection.field(Kind.UNKNOWN_FIELD, at(name), "", "unknown_parameter");
      }
    }
    return this;
  }

  public boolean has(String name) {
    return json.hasNonNull(name);
  }

  /** Missing if absent. */
  public JsonNode node(String name) {
    return json.path(name);
  }

  /** The place of a field of this object. */
  public String at(String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  public Optional<RequestFields> object(String name) throws Rejection {
    return has(name) ? Optional.of(needObject(name)) : Optional.empty();
  }

  public RequestFields needObject(String name) throws Rejection {
    JsonNode node = need(name);
    if (!node.isObject()) {
      throw wrongType(name, "an object");
    }
    return new RequestFields(at(name), node);
  }

  /** The objects of an array; none if it is absent. */
  public List<RequestFields> objects(String name) throws Rejection {
    return has(name) ? needObjects(name) : List.of();
  }

  public List<RequestFields> needObjects(String name) throws Rejection {
    JsonNode array = need(name);
    if (!array.isArray()) {
      throw wrongType(name, "an array");
    }
    List<RequestFields> objects = new ArrayList<>();
    for (JsonNode element : array) {
      String where = name + "[" + objects.size() + "]";
      if (!element.isObject()) {
        throw wrongType(where, "an object");
      }
      objects.add(new RequestFields(at(where), element));
    }
    return objects;
  }

  public Optional<String> text(String name) throws Rejection {
    return has(name) ? Optional.of(needText(name)) : Optional.empty();
  }

  public String needText(String name) throws Rejection {
    JsonNode node = need(name);
    if (!node.isTextual()) {
      throw wrongType(name, "a string");
    }
    return node.textValue();
  }

  /** A text that is one of these. */
  public String needOneOf(String name, Collection<String> words) throws Rejection {
    String word = needText(name);
    if (!words.contains(word)) {
      throw wrongValue(name, "one of " + words.stream().sorted().toList());
    }
    return word;
  }

  public void mayBeOneOf(String name, Collection<String> words) throws Rejection {
    if (has(name)) {
      needOneOf(name, words);
    }
  }

  /** False if it is absent. */
  public boolean flag(String name) throws Rejection {
    if (!has(name)) {
      return false;
    }
    if (!json.path(name).isBoolean()) {
      throw wrongType(name, "a boolean");
    }
    return json.path(name).booleanValue();
  }

  public OptionalLong whole(String name, long least, long most) throws Rejection {
    if (!has(name)) {
      return OptionalLong.empty();
    }
    JsonNode node = json.path(name);
    if (!node.isIntegralNumber() || !node.canConvertToLong()) {
      throw wrongType(name, "an integer");
    }
    if (node.longValue() < least || node.longValue() > most) {
      throw wrongValue(
          name,
          most == Long.MAX_VALUE
              ? "a whole number, " + least + " or more"
              : "a whole number, " + least + " to " + most);
    }
    return OptionalLong.of(node.longValue());
  }

  /** A number between these, if there is one. */
  public void range(String name, double least, double most) throws Rejection {
    if (!has(name)) {
      return;
    }
    if (!json.path(name).isNumber()) {
      throw wrongType(name, "a number");
    }
    double value = json.path(name).doubleValue();
    if (value < least || value > most) {
      throw wrongValue(name, "a number, " + plain(least) + " to " + plain(most));
    }
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  private JsonNode need(String name) throws Rejection {
    if (!has(name)) {
      throw missing(name);
    }
    return json.path(name);
  }

  public Rejection missing(String name) {
    return Rejection.field(Kind.MISSING_FIELD, at(name), "", "missing_required_parameter");
  }

  public Rejection unknown(String name) {
    return Rejection.field(Kind.UNKNOWN_FIELD, at(name), "", "unknown_parameter");
  }

  public Rejection wrongType(String name, String expected) {
    return Rejection.field(Kind.WRONG_TYPE, at(name), expected, "invalid_type");
  }

  public Rejection wrongValue(String name, String expected) {
    return Rejection.field(Kind.WRONG_VALUE, at(name), expected, "invalid_value");
  }

  /** Bytes of UTF-8, of which four make a token here. */
  public static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
