package dev.penstock.kernel.policy;

/** What becomes of a tenant's own statements. */
public enum PolicyMode {
  /** What they forbid is denied. */
  ENFORCE,
  /** What they would forbid goes on and is recorded. */
  OBSERVE
}
