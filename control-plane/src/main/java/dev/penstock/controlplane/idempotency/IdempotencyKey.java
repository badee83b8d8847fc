package dev.penstock.controlplane.idempotency;

import dev.penstock.controlplane.problem.ProblemException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name that a caller gives to one write, so that it can send it again. */
public record IdempotencyKey(String value) {

  public static final String HEADER = "Idempotency-Key";

  private static final Pattern SYNTAX = Pattern.compile("[\\x21-\\x7e]{1,200}");

  public IdempotencyKey {
    Objects.requireNonNull(value, "value");
  }

  public static Optional<IdempotencyKey> of(@Nullable String header) {
    if (header != null && !SYNTAX.matcher(header).matches()) {
      throw ProblemException.badRequest(
          HEADER, "expected 1 to 200 printable ASCII characters without spaces, such as a UUID");
    }
    return Optional.ofNullable(header).map(IdempotencyKey::new);
  }
}
