package dev.penstock.controlplane.revision;

/** What becomes of that which belongs to a deleted tenant. */
public enum Descent {
  /** If anything does, the tenant stays, too. */
  KEEP,
  /** It is deleted with the tenant, down to the last descendant. */
  CASCADE
}
