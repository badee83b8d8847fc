package dev.penstock.kernel.guard;

import java.time.Duration;

/** Limits known to both planes: a guard beyond one is refused at write, and by a node. */
public final class GuardLimits {

  /** Most detectors of a guard. */
  public static final int MAX_DETECTORS = 16;

  /** Most terms of a detector. */
  public static final int MAX_TERMS = 500;

  /** Longest term, in characters. */
  public static final int MAX_TERM_LENGTH = 100;

  /** Longest pattern, in characters. */
  public static final int MAX_PATTERN_LENGTH = 512;

  /** Most instructions of a compiled pattern. */
  public static final int MAX_PATTERN_SIZE = 1_000;

  /** Most characters that a guard may allow in a text; a request has no more. */
  public static final int MAX_SIZE = 10_000_000;

  /** Most external guards that one guard asks. */
  public static final int MAX_EXTERNAL = 4;

  /** Longest address of an external guard, in characters. */
  public static final int MAX_URL_LENGTH = 512;

  /** Least and most time that an external guard may be given. */
  public static final Duration MIN_TIMEOUT = Duration.ofMillis(50);

  public static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);

  /** What it is given where nobody says. */
  public static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** Most questions of a node to one external guard at once that may be stated. */
  public static final int MAX_CONCURRENT = 256;

  /** How many there may be where nobody says. */
  public static final int CONCURRENT = 16;

  /** Most guards of a tenant. */
  public static final int MAX_GUARDS_PER_TENANT = 32;

  /**
   * Most characters in all terms, patterns and URLs of a tenant: they are one resource of a
   * snapshot, and a character has up to four bytes there.
   */
  public static final int MAX_LENGTH_PER_TENANT = 50_000;

  /** Most guards that may bind one request. */
  public static final int MAX_GUARDS_PER_REQUEST = 16;

  private GuardLimits() {}
}
