package dev.penstock.controlplane.revision;

import java.util.Objects;

/** What was done to one resource, and what the audit log is to say of it. */
record Effect(Change change, Touched touched) {

  Effect {
    Objects.requireNonNull(change, "change");
    Objects.requireNonNull(touched, "touched");
  }
}
