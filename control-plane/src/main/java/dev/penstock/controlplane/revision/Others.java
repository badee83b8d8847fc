package dev.penstock.controlplane.revision;

/** What becomes of resources that a set of manifests covers but does not hold. */
public enum Others {
  KEEP,
  /** They are deleted; see {@link Removals} for what is covered. */
  PRUNE
}
