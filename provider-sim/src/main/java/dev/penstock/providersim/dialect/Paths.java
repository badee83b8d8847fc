package dev.penstock.providersim.dialect;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Percent decoding for paths, where a plus is a plus. */
public final class Paths {
  private Paths() {}

  /** Text that is not percent-encoded correctly is taken as it stands. */
  public static String decode(String raw) {
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return raw;
    }
  }
}
