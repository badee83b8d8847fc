package dev.penstock.dataplane.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random request in which texts are planted that a guard redacts, written in every way that JSON
 * and Unicode have for them, and beside it what has to come of it.
 */
final class PlantedBody {

  /** What is planted, and what takes its place. */
  private record Plant(String text, String placeholder) {}

  private static final List<Plant> PLANTS =
      List.of(
          new Plant("bob.o+x@mail.acme.example", "[EMAIL]"),
          new Plant("+49 30 901820", "[PHONE]"),
          new Plant("DE89 3704 0044 0532 0130 00", "[IBAN]"),
          new Plant("4111 1111 1111 1111", "[CREDIT-CARD]"),
          new Plant("ghp_0123456789abcdefghijABCDEFGHIJ" + "3mpbCX", "[SECRET]"),
          new Plant("Project Falcon", "[TERM]"),
          new Plant("ACME-654321", "[PATTERN]"));

  /** Of a character: JSON allows it in a text, and no parser of ours in a name. */
  private static final String HALF = "\ud800";

  /** Nothing of which any detector's finds are made: no digit, no at sign. */
  private static final List<String> FILLERS =
      List.of(
          "a",
          "Z",
          "falcon",
          ", ",
          "-",
          "\u00e9",
          "\u00df",
          "\u6f22",
          "\u0639",
          "\ud83d\ude00",
          "e\u0301",
          "\ufb01",
          "\u200b",
          "\n",
          "\t",
          "\"",
          "\\",
          "/",
          "\u0001",
          " ",
          HALF);

  private static final List<String> LITERALS =
      List.of("4111111111111111", "-0.50e+1", "true", "false", "null", "{}", "[ ]", "\"\"");

  private static final int MAX_DEPTH = 4;

  private final Random random;
  private final StringBuilder body = new StringBuilder();
  private final StringBuilder redacted = new StringBuilder();
  private final List<String> planted = new ArrayList<>();
  private int names;

  private PlantedBody(Random random) {
    this.random = random;
  }

  static PlantedBody of(Random random) {
    PlantedBody planted = new PlantedBody(random);
    planted.writeBody();
    return planted;
  }

  String body() {
    return body.toString();
  }

  String redacted() {
    return redacted.toString();
  }

  /** What must not be seen anywhere, once for each time that it is planted. */
  List<String> planted() {
    return planted;
  }

  private void writeBody() {
    both("{\"model\":\"m\",");
    space();
    both("\"messages\":[");
    int messages = 1 + random.nextInt(3);
    for (int i = 0; i < messages; i++) {
      both(i == 0 ? "" : ",");
      both("{\"role\":\"user\",\"content\":");
      writeValue(random.nextBoolean() ? MAX_DEPTH : 0);
      both("}");
    }
    both("]");
    members(MAX_DEPTH - 1, true);
    both("}");
  }

  private void writeValue(int depth) {
    int kind = random.nextInt(depth >= MAX_DEPTH ? 3 : 5);
    space();
    switch (kind) {
      case 0 -> both(LITERALS.get(random.nextInt(LITERALS.size())));
      case 1, 2 -> string(true);
      case 3 -> {
        both("{");
        members(depth + 1, false);
        both("}");
      }
      default -> {
        both("[");
        for (int i = random.nextInt(4); i > 0; i--) {
          writeValue(depth + 1);
          both(i == 1 ? "" : ",");
        }
        both("]");
      }
    }
    space();
  }

  private void members(int depth, boolean isContinued) {
    for (int i = random.nextInt(4), first = i; i > 0; i--) {
      both(i < first || isContinued ? "," : "");
      string(false);
      both(":");
      writeValue(depth);
    }
  }

  private void space() {
    both(List.of("", "", " ", "\n  ", "\t").get(random.nextInt(5)));
  }

  /** A name has nothing planted in it: it would be refused. */
  private void string(boolean isValue) {
    both("\"");
    if (!isValue) {
      both("k" + "x".repeat(names++) + "-");
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      if (isValue && random.nextInt(3) == 0) {
        both(" . ");
        plant(PLANTS.get(random.nextInt(PLANTS.size())));
        both(" . ");
      } else {
        String filler = FILLERS.get(random.nextInt(FILLERS.size()));
        both(escaped(isValue || !filler.equals(HALF) ? filler : ""));
      }
    }
    both("\"");
  }

  private void plant(Plant plant) {
    StringBuilder text = new StringBuilder();
    boolean isDisguised = random.nextBoolean();
    for (char c : plant.text().toCharArray()) {
      if (isDisguised && !text.isEmpty() && random.nextInt(8) == 0) {
        text.append('\u200b');
      }
      text.append(isDisguised ? disguised(c) : c);
    }
    planted.add(plant.text());
    body.append(escaped(text.toString()));
    redacted.append(plant.placeholder());
  }

  /** Of ASCII a full-width form, which looks different to a program and alike to a model. */
  private char disguised(char c) {
    if (random.nextInt(4) > 0) {
      return c;
    }
    return c == ' ' ? '\u00a0' : (char) (c + 0xFEE0);
  }

  private String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      int codePoint = text.codePointAt(at);
      boolean isSurrogate = Character.getType(codePoint) == Character.SURROGATE;
      if (codePoint < 0x20 || isSurrogate || random.nextInt(5) == 0) {
        for (char c : Character.toChars(codePoint)) {
          String form = random.nextBoolean() ? "\\u%04x" : "\\u%04X";
          escaped.append(form.formatted((int) c));
        }
      } else if ("\"\\/".indexOf(codePoint) >= 0) {
        escaped.append('\\').appendCodePoint(codePoint);
      } else {
        escaped.appendCodePoint(codePoint);
      }
    }
    return escaped.toString();
  }

  private void both(String text) {
    body.append(text);
    redacted.append(text);
  }
}
