package dev.penstock.controlplane.budget;

import dev.penstock.controlplane.row.Row;
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
class BudgetEntity implements Row<Budget> {

  @Id UUID budgetId;
  String tenant;
  String name;
  @Nullable String scopeApiKey;
  @Nullable String scopeModel;
  long amountNanoUsd;
  String windowEvery;
  String timeZone;
  String mode;

  @Override
  public void set(Budget budget) {
    if (budgetId == null) { // given once: the money in its windows is found by it
      budgetId = budget.id();
    }
    tenant = budget.tenant();
    name = budget.name();
    scopeApiKey = budget.apiKey().orElse(null);
    scopeModel = budget.model().orElse(null);
    amountNanoUsd = budget.amount().value();
    windowEvery = budget.every();
    timeZone = budget.timeZone();
    mode = budget.mode();
  }

  @Override
  public Budget toRecord() {
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
