package dev.penstock.kernel.guard;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A way in which somebody writes a text so that a guard does not find it.
 *
 * @param form of the text in which it stands
 */
record Evasion(String name, TextForm form, UnaryOperator<String> write) {

  private static final Map<Character, Character> CYRILLIC =
      Map.of('a', 'а', 'c', 'с', 'e', 'е', 'o', 'о', 'p', 'р', 'A', 'А', 'E', 'Е', 'I', 'І');
  private static final Map<Character, Character> LEET =
      Map.of('a', '4', 'e', '3', 'i', '1', 'o', '0', 'A', '4', 'E', '3', 'I', '1', 'O', '0');

  static final List<Evasion> ALL =
      List.of(
          plain("nothing", text -> text),
          plain("full-width letters and digits", each(c -> c > ' ' ? shifted(c, 0xFEE0) : same(c))),
          plain("mathematical bold", each(Evasion::bold)),
          plain("zero-width spaces", text -> spread(text, "\u200b")),
          plain("soft hyphens", text -> spread(text, "\u00ad")),
          plain("variation selectors", text -> spread(text, "\ufe0f")),
          plain("mixed case", Evasion::mixed),
          plain("HTML references, decimal", each("&#%d;"::formatted)),
          plain("HTML references, hexadecimal, no semicolon", each("&#x%06X"::formatted)),
          new Evasion(
              "JSON escapes in a tool call's arguments", TextForm.JSON, each("\\u%04x"::formatted)),
          plain("Base64", text -> base64(text)),
          plain(
              "Base64 for URLs, no padding",
              text -> base64(text).replace("=", "").replace('+', '-').replace('/', '_')),
          plain("look-alike letters", text -> replaced(text, CYRILLIC)),
          plain("no-break spaces", text -> text.replace(' ', '\u00a0')),
          plain("a line break for each space", text -> text.replace(' ', '\n')),
          plain("hyphens for spaces", text -> text.replace(' ', '-')),
          plain(
              "underscores for spaces and hyphens",
              text -> text.replace(' ', '_').replace('-', '_')),
          plain("spaces between all characters", text -> spread(text, " ")),
          plain("hyphens between all characters", text -> spread(text, "-")),
          plain(
              "a line break in the middle",
              text ->
                  text.substring(0, text.length() / 2) + "\n" + text.substring(text.length() / 2)),
          plain("combining marks", text -> spread(text, "\u0336")),
          plain(
              "digits of another script",
              each(c -> Words.isDigit((char) c) ? shifted(c, '\u0660' - '0') : same(c))),
          plain("digits for letters", text -> replaced(text, LEET)),
          plain("reversed", text -> new StringBuilder(text).reverse().toString()),
          plain("URL encoding", each("%%%02X"::formatted)),
          plain("hexadecimal", text -> HexFormat.of().formatHex(bytes(text))),
          plain("Base64 twice", text -> base64(base64(text))),
          plain("JSON escapes twice", each("\\\\u%04x"::formatted)),
          plain("ROT13", each(Evasion::rot13)));

  private static Evasion plain(String name, UnaryOperator<String> write) {
    return new Evasion(name, TextForm.PLAIN, write);
  }

  private static UnaryOperator<String> each(IntFunction<String> write) {
    return text -> text.chars().mapToObj(write).collect(Collectors.joining());
  }

  private static String same(int c) {
    return Character.toString(c);
  }

  private static String shifted(int c, int by) {
    return Character.toString(c + by);
  }

  private static String spread(String text, String between) {
    return text.chars().mapToObj(Evasion::same).collect(Collectors.joining(between));
  }

  private static String bold(int c) {
    if (c >= 'A' && c <= 'Z') {
      return shifted(c, 0x1D400 - 'A');
    }
    if (c >= 'a' && c <= 'z') {
      return shifted(c, 0x1D41A - 'a');
    }
    return Words.isDigit((char) c) ? shifted(c, 0x1D7CE - '0') : same(c);
  }

  private static String mixed(String text) {
    StringBuilder mixed = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      mixed.append(i % 2 == 0 ? Character.toUpperCase(c) : Character.toLowerCase(c));
    }
    return mixed.toString();
  }

  private static String replaced(String text, Map<Character, Character> by) {
    StringBuilder replaced = new StringBuilder();
    for (char c : text.toCharArray()) {
      replaced.append(by.getOrDefault(c, c));
    }
    return replaced.toString();
  }

  private static String rot13(int c) {
    if (!Words.isAsciiLetter((char) c)) {
      return same(c);
    }
    int first = c >= 'a' ? 'a' : 'A';
    return same(first + (c - first + 13) % 26);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(bytes(text));
  }
}
