package dev.penstock.controlplane.problem;

import java.util.Objects;

/**
 * One thing that is wrong with a request.
 *
 * @param field where, such as {@code items[2].spec.parent}
 * @param detail what, and what was expected; never a secret
 */
public record Finding(String field, String detail) {

  public Finding {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(detail, "detail");
  }
}
