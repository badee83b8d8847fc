package dev.penstock.controlplane.admin;

import dev.penstock.controlplane.problem.ProblemException;
import dev.penstock.controlplane.problem.StorableTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A parameter that is a time (RFC 3339, UTC). */
public final class TimeParameter {

  private TimeParameter() {}

  /** Empty where it is absent; a problem with the parameter's name where it is no time. */
  public static Optional<Instant> of(String parameter, @Nullable String text) {
    try {
      return Optional.ofNullable(text).map(Instant::parse).map(StorableTime::of);
    } catch (DateTimeException notTime) {
      throw ProblemException.badRequest(parameter, "expected a time such as 2027-01-01T00:00:00Z");
    }
  }
}
