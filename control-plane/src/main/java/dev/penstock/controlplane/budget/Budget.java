package dev.penstock.controlplane.budget;

import dev.penstock.controlplane.manifest.Named;
import dev.penstock.kernel.money.NanoUsd;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * An amount and a window for a scope.
 *
 * @param id given once, when the budget is first written
 * @param apiKey name of a key of the same tenant; empty: any request of the tenant's subtree
 * @param model empty: any
 * @param every {@code hour}, {@code day}, {@code week}, {@code month}, {@code quarter} or {@code
 *     year}
 * @param timeZone in which windows begin and end
 */
public record Budget(
    UUID id,
    String tenant,
    String name,
    Optional<String> apiKey,
    Optional<String> model,
    NanoUsd amount,
    String every,
    String timeZone,
    String mode)
    implements Named {

  public Budget {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(apiKey, "apiKey");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(amount, "amount");
    Objects.requireNonNull(every, "every");
    Objects.requireNonNull(timeZone, "timeZone");
    Objects.requireNonNull(mode, "mode");
  }

  /** The same budget under the id it has been given. */
  Budget withId(UUID given) {
    return new Budget(given, tenant, name, apiKey, model, amount, every, timeZone, mode);
  }
}
