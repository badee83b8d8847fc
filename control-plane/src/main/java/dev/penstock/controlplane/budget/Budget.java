package dev.penstock.controlplane.budget;

import dev.penstock.controlplane.manifest.Named;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.Downgrade;
import dev.penstock.kernel.snapshot.PolicyContent.BudgetRule;
import dev.penstock.kernel.snapshot.ThresholdAction;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * An amount and a window for a scope.
 *
 * @param id given once, when the budget is first written
 * @param mode {@code strict}: never overspent; {@code available}: what nodes leave behind that
 *     nobody hears of can be spent again, up to a hundredth of the amount
 * @param clampToFit requests that may cost more than is left get a lower limit of output
 * @param thresholds ascending; the last is the cap
 */
public record Budget(
    UUID id,
    String tenant,
    String name,
    BudgetScope scope,
    NanoUsd amount,
    Span span,
    String mode,
    boolean clampToFit,
    List<Threshold> thresholds,
    Optional<Webhook> webhook)
    implements Named {

  public Budget {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(scope, "scope");
    Objects.requireNonNull(amount, "amount");
    Objects.requireNonNull(span, "span");
    Objects.requireNonNull(mode, "mode");
    thresholds = List.copyOf(thresholds);
    Objects.requireNonNull(webhook, "webhook");
  }

  /** The same budget under the id it has been given. */
  Budget withId(UUID given) {
    return new Budget(
        given, tenant, name, scope, amount, span, mode, clampToFit, thresholds, webhook);
  }

  /** Whom it binds, as nodes know it. */
  public BudgetRule rule() {
    List<Downgrade> downgrades =
        thresholds.stream()
            .filter(each -> each.action() == ThresholdAction.ROUTE)
            .map(each -> new Downgrade(each.atPercent(), each.route()))
            .toList();
    return new BudgetRule(id.toString(), tenant, name, scope, downgrades, clampToFit);
  }
}
