package dev.penstock.providersim.script;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A JSON object read strictly: every complaint names the place and what was expected there. */
record Fields(String place, JsonNode json) {
  Fields {
    if (!json.isObject()) {
      throw new BadScript(place + ": (expected: an object)");
    }
  }

  /** Refuses any other field, so that a typing error is not a step that silently does nothing. */
  Fields allow(String... names) {
    List<String> known = List.of(names);
    Iterator<String> given = json.fieldNames();
    while (given.hasNext()) {
      String name = given.next();
      if (!known.contains(name)) {
        throw bad(name, "unknown", known.stream().sorted().collect(Collectors.joining(", ")));
      }
    }
    return this;
  }

  boolean has(String name) {
    return json.has(name);
  }

  Optional<Fields> child(String name) {
    return Optional.ofNullable(json.get(name)).map(node -> new Fields(name, node));
  }

  JsonNode node(String name) {
    JsonNode node = json.get(name);
    if (node == null) {
      throw new BadScript(place + "." + name + ": missing");
    }
    return node;
  }

  String text(String name) {
    JsonNode node = node(name);
    if (!node.isTextual()) {
      throw bad(name, node.toString(), "a string");
    }
    return node.textValue();
  }

  boolean flag(String name, boolean absent) {
    JsonNode node = json.get(name);
    if (node == null) {
      return absent;
    }
    if (!node.isBoolean()) {
      throw bad(name, node.toString(), "true or false");
    }
    return node.booleanValue();
  }

  long whole(String name, long absent, long least, long most) {
    JsonNode node = json.get(name);
    if (node == null) {
      return absent;
    }
    boolean fits = node.isIntegralNumber() && node.canConvertToLong();
    if (!fits || node.longValue() < least || node.longValue() > most) {
      throw bad(name, node.toString(), "a whole number, " + least + " to " + most);
    }
    return node.longValue();
  }

  /** A number or, safer in other languages' JSON, a string that holds one. */
  Optional<BigDecimal> decimal(String name) {
    JsonNode node = json.get(name);
    if (node == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(node.isNumber() ? node.decimalValue() : new BigDecimal(text(name)));
    } catch (NumberFormatException notANumber) {
      throw bad(name, node.toString(), "a decimal number");
    }
  }

  BadScript bad(String name, String value, String expected) {
    return new BadScript("%s.%s: %s (expected: %s)".formatted(place, name, value, expected));
  }
}
