package dev.penstock.kernel.guard;

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

  /** Most guards of a tenant. */
  public static final int MAX_GUARDS_PER_TENANT = 32;

  /**
   * Most characters in all terms and patterns of a tenant: they are one resource of a snapshot, and
   * a character has up to four bytes there.
   */
  public static final int MAX_LENGTH_PER_TENANT = 50_000;

  /** Most guards that may bind one request. */
  public static final int MAX_GUARDS_PER_REQUEST = 16;

  private GuardLimits() {}
}
