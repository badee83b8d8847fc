package dev.penstock.controlplane.problem;

/** Which texts can be stored: Postgres takes all but those with a NUL (U+0000) in them. */
public final class StorableText {

  /** What is wrong with a text that cannot. */
  public static final String EXPECTED = "expected a text without NUL characters (U+0000)";

  private StorableText() {}

  public static boolean allows(String text) {
    return text.indexOf('\0') < 0;
  }
}
