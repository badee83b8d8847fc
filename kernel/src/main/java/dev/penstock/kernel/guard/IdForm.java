package dev.penstock.kernel.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * A number of a fixed picture, in small letters or capitals, that ends where a word ends. In the
 * picture {@code d} stands for a digit, {@code l} for a letter, brackets for one of some
 * characters, {@code _} for a space, hyphen or full stop, the same at each place; all others for
 * themselves.
 */
final class IdForm implements Form {

  private static final AsciiSet LETTERS = AsciiSet.of("A-Z");
  private static final AsciiSet SEPARATORS = AsciiSet.of(" .-");

  private record Place(AsciiSet of, boolean separator, boolean counts) {}

  private final List<Place> places = new ArrayList<>();
  private final Predicate<String> check;

  /**
   * @param check of the number without what separates its groups, in capitals
   */
  IdForm(String picture, Predicate<String> check) {
    this.check = check;
    for (int i = 0; i < picture.length(); i++) {
      char c = picture.charAt(i);
      switch (c) {
        case 'd' -> places.add(new Place(AsciiSet.DIGITS, false, true));
        case 'l' -> places.add(new Place(LETTERS, false, true));
        case '_' -> places.add(new Place(SEPARATORS, true, false));
        case '[' -> {
          int end = picture.indexOf(']', i);
          places.add(new Place(AsciiSet.of(picture.substring(i + 1, end)), false, true));
          i = end;
        }
        default ->
            places.add(new Place(AsciiSet.of(String.valueOf(c)), false, Words.isAsciiWord(c)));
      }
    }
  }

  /** What it may begin with. */
  boolean mayBegin(char c) {
    return places.getFirst().of().has(upper(c));
  }

  private static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char) (c - ('a' - 'A')) : c;
  }

  @Override
  public int endAt(String text, int start, boolean last) {
    char separator = 0;
    for (int i = 0; i < places.size(); i++) {
      if (start + i == text.length()) {
        return Form.cutOff(last);
      }
      char c = upper(text.charAt(start + i));
      Place place = places.get(i);
      if (!place.of().has(c) || (place.separator() && separator != 0 && separator != c)) {
        return NONE;
      }
      separator = place.separator() ? c : separator;
    }
    int end = Form.closing(text, start + places.size(), last);
    return end < 0 || check.test(number(text, start)) ? end : NONE;
  }

  private String number(String text, int start) {
    StringBuilder number = new StringBuilder(places.size());
    for (int i = 0; i < places.size(); i++) {
      if (places.get(i).counts()) {
        number.append(text.charAt(start + i));
      }
    }
    return number.toString().toUpperCase(Locale.ROOT);
  }
}
