package dev.penstock.dataplane.dialect.field;

import dev.penstock.dataplane.dialect.ModelRequest.CacheMark;
import dev.penstock.dataplane.dialect.ModelRequest.Part;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads addresses that may hold what they stand for. Source: RFC 2397, of which providers take the
 * form with {@code ;base64} only.
 */
public final class DataUrl {

  /** What a document at an address is taken for. */
  private static final String PDF = "application/pdf";

  private static final String SCHEME = "data:";
  private static final String BASE64 = ";base64,";
  private static final int MAX_TYPE = 128;

  private DataUrl() {}

  /** An image, in its address or at it. */
  public static Part image(Field url, Optional<CacheMark> cache) {
    String text = url.text();
    if (!isData(text)) {
      requireWeb(url, text);
      return new Part.ImageUrl(text, cache, url.path());
    }
    int comma = comma(url, text);
    return new Part.ImageData(type(text, comma), data(text, comma), cache, url.path());
  }

  /** A document, in its address or at it. */
  public static Part document(Field url, String name, Optional<CacheMark> cache) {
    String text = url.text();
    if (!isData(text)) {
      requireWeb(url, text);
      return new Part.Document(PDF, text, true, name, cache, url.path());
    }
    int comma = comma(url, text);
    return new Part.Document(type(text, comma), data(text, comma), false, name, cache, url.path());
  }

  private static boolean isData(String text) {
    return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  private static void requireWeb(Field url, String text) {
    String lower = text.substring(0, Math.min(8, text.length())).toLowerCase(Locale.ROOT);
    if (!lower.startsWith("https://") && !lower.startsWith("http://")) {
      throw url.invalid("The field %s must be an https or a data address.".formatted(url.path()));
    }
  }

  private static int comma(Field url, String text) {
    int comma = text.indexOf(BASE64);
    if (comma <= SCHEME.length() || comma > SCHEME.length() + MAX_TYPE) {
      throw url.invalid(
          "The field %s must say its type and be base64, as in data:image/png;base64,…"
              .formatted(url.path()));
    }
    return comma;
  }

  private static String type(String text, int comma) {
    return text.substring(SCHEME.length(), comma).toLowerCase(Locale.ROOT);
  }

  private static String data(String text, int comma) {
    return text.substring(comma + BASE64.length());
  }
}
