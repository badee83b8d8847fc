package dev.penstock.kernel.address;

import java.net.URI;
import java.net.URISyntaxException;

/** The form in which policies name a place that nodes call: a provider, an external guard. */
public final class BaseUrl {

  /** What is expected, for whoever wrote something else. */
  public static final String EXPECTED =
      "expected: http(s)://host[:port][/path] without user, query, fragment or trailing slash";

  private BaseUrl() {}

  /** Whether a text has the form; where it leads is checked at connect. */
  public static boolean isOne(String text) {
    try {
      URI uri = new URI(text);
      return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && !text.endsWith("/");
    } catch (URISyntaxException malformed) {
      return false;
    }
  }
}
