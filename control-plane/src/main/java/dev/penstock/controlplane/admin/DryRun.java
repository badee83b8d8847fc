package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.idempotency.IdempotencyKey;
import dev.penstock.controlplane.problem.ProblemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a write is done, or only told. */
enum DryRun {
  NO,
  YES;

  static final String PARAMETER = "dryRun";

  static DryRun of(@Nullable String text) {
    return Flag.isSet(PARAMETER, text) ? YES : NO;
  }

  /** There is nothing to repeat where nothing is done. */
  static DryRun of(@Nullable String text, Optional<IdempotencyKey> key) {
    DryRun dryRun = of(text);
    if (dryRun == YES && key.isPresent()) {
      throw ProblemException.badRequest(
          IdempotencyKey.HEADER,
          "has no meaning for a dry run, which writes nothing: leave it out");
    }
    return dryRun;
  }
}
