package dev.penstock.controlplane.budget;

import dev.penstock.kernel.money.NanoUsd;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity(name = "Budget")
@Table(schema = "policy", name = "budget")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class BudgetEntity {

  @Id UUID budgetId;
  String tenant;
  String name;
  @Nullable String scopeApiKey;
  @Nullable String scopeModel;
  long amountNanoUsd;
  String windowEvery;
  String timeZone;
  String mode;

  static BudgetEntity of(Budget budget) {
    BudgetEntity entity = new BudgetEntity();
    entity.budgetId = budget.id();
    entity.tenant = budget.tenant();
    entity.name = budget.name();
    entity.set(budget);
    return entity;
  }

  void set(Budget budget) {
    scopeApiKey = budget.apiKey().orElse(null);
    scopeModel = budget.model().orElse(null);
    amountNanoUsd = budget.amount().value();
    windowEvery = budget.every();
    timeZone = budget.timeZone();
    mode = budget.mode();
  }

  Budget toBudget() {
    return new Budget(
        budgetId,
        tenant,
        name,
        Optional.ofNullable(scopeApiKey),
        Optional.ofNullable(scopeModel),
        new NanoUsd(amountNanoUsd),
        windowEvery,
        timeZone,
        mode);
  }
}
