package dev.penstock.dataplane.dialect.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.dataplane.exchange.Refusal;
import dev.penstock.dataplane.exchange.Refusal.Code;
import dev.penstock.dataplane.exchange.RefusedException;
import dev.penstock.kernel.money.ServiceTiers;
import java.io.IOException;

/**
 * Reads the value at which a parser stands; each method throws a {@link RefusedException} with
 * {@code invalid_request} that names the field where it is not what it has to be.
 */
public final class Fields {

  private static final int MAX_MODEL_LENGTH = 128;

  private Fields() {}

  /** The name of a model. */
  public static String model(JsonParser json, String field) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw invalid(field, "The field " + field + " must be a string.");
    }
    String text = json.getText();
    if (text.isEmpty() || text.length() > MAX_MODEL_LENGTH) {
      throw invalid(
          field, "The field " + field + " must have 1 to " + MAX_MODEL_LENGTH + " characters.");
    }
    // It goes into the record as it came, and neither Postgres nor Protocol Buffers take all of it.
    if (text.codePoints().anyMatch(Fields::isUnprintable)) {
      throw invalid(
          field, "The field " + field + " holds a control character or half a character.");
    }
    return text;
  }

  /** Every request names a model. */
  public static void requireModel(Range value) {
    if (!value.present()) {
      throw invalid("model", "The field model is missing; name the model to use.");
    }
  }

  private static boolean isUnprintable(int codePoint) {
    return Character.isISOControl(codePoint) || Character.getType(codePoint) == Character.SURROGATE;
  }

  /** True or false; null is false. */
  public static boolean flag(JsonParser json, String field) {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> throw invalid(field, "The field " + field + " must be true or false.");
    };
  }

  /** A whole number between two others. */
  public static long number(JsonParser json, String field, long min, long max) throws IOException {
    boolean whole =
        json.currentToken() == JsonToken.VALUE_NUMBER_INT
            && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
    if (!whole || json.getLongValue() < min || json.getLongValue() > max) {
      throw invalid(
          field, "The field " + field + " must be a whole number from " + min + " to " + max + ".");
    }
    return json.getLongValue();
  }

  /** The provider's word for a service tier; empty where there is none, which is its to judge. */
  public static String serviceTier(JsonParser json) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return ServiceTiers.wordOf(json.getText());
    }
    json.skipChildren();
    return "";
  }

  /** A list of objects that each have a role, and at least one. */
  public static void messages(JsonParser json, String field) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw invalid(field, "The field " + field + " must be an array.");
    }
    int index = 0;
    JsonToken token;
    while ((token = json.nextToken()) != JsonToken.END_ARRAY) {
      String at = field + "[" + index + "]";
      if (token != JsonToken.START_OBJECT) {
        throw invalid(at, "Every message must be an object with a role.");
      }
      if (!hasRole(json)) {
        throw invalid(at + ".role", "Every message must have a role.");
      }
      index++;
    }
    if (index == 0) {
      throw invalid(field, "The field " + field + " is empty; give at least one message.");
    }
  }

  private static boolean hasRole(JsonParser json) throws IOException {
    boolean role = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      role |= "role".equals(json.currentName());
      json.nextToken();
      json.skipChildren();
    }
    return role;
  }

  /** Where the value ends, which is read to its end. */
  public static int end(JsonParser json) throws IOException {
    json.finishToken();
    return Math.toIntExact(json.currentLocation().getByteOffset());
  }

  /** Where the value, or the name, begins. */
  public static int start(JsonParser json) {
    return Math.toIntExact(json.currentTokenLocation().getByteOffset());
  }

  /** A refusal that names the field; an empty one stands for the whole body. */
  public static RefusedException invalid(String field, String message) {
    return (field.isEmpty()
            ? Refusal.of(Code.INVALID_REQUEST, message)
            : Refusal.ofField(Code.INVALID_REQUEST, field, message))
        .toException();
  }
}
