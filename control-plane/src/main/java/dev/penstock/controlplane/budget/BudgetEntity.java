package dev.penstock.controlplane.budget;

import dev.penstock.controlplane.row.Row;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.BudgetScope.Tag;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

@Entity(name = "Budget")
@Table(schema = "policy", name = "budget")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class BudgetEntity implements Row<Budget> {

  @Id UUID budgetId;
  String tenant;
  String name;
  @Nullable String scopeApiKey;
  @Nullable String scopeSubject;
  @Nullable String scopeModel;
  @Nullable String scopeProvider;
  @Nullable String scopeTagName;
  @Nullable String scopeTagValue;
  long amountNanoUsd;
  String windowEvery;
  String timeZone;
  String mode;

  @JdbcTypeCode(SqlTypes.JSON)
  List<Threshold> thresholds;

  @Nullable String webhookUrl;
  @Nullable String webhookSecretTenant;
  @Nullable String webhookSecretName;

  @Override
  public void set(Budget budget) {
    if (budgetId == null) { // given once: the money in its windows is found by it
      budgetId = budget.id();
    }
    tenant = budget.tenant();
    name = budget.name();
    BudgetScope scope = budget.scope();
    scopeApiKey = scope.apiKey().orElse(null);
    scopeSubject = scope.subject().orElse(null);
    scopeModel = scope.model().orElse(null);
    scopeProvider = scope.provider().orElse(null);
    scopeTagName = scope.tag().map(Tag::name).orElse(null);
    scopeTagValue = scope.tag().map(Tag::value).orElse(null);
    amountNanoUsd = budget.amount().value();
    windowEvery = budget.every();
    timeZone = budget.timeZone();
    mode = budget.mode();
    thresholds = budget.thresholds();
    webhookUrl = budget.webhook().map(Webhook::url).orElse(null);
    webhookSecretTenant = budget.webhook().map(Webhook::secretTenant).orElse(null);
    webhookSecretName = budget.webhook().map(Webhook::secretName).orElse(null);
  }

  @Override
  public Budget toRecord() {
    return new Budget(
        budgetId,
        tenant,
        name,
        scope(),
        new NanoUsd(amountNanoUsd),
        windowEvery,
        timeZone,
        mode,
        thresholds,
        webhook());
  }

  private Optional<Webhook> webhook() {
    return webhookUrl == null || webhookSecretTenant == null || webhookSecretName == null
        ? Optional.empty()
        : Optional.of(new Webhook(webhookUrl, webhookSecretTenant, webhookSecretName));
  }

  private BudgetScope scope() {
    return new BudgetScope(
        Optional.ofNullable(scopeApiKey),
        Optional.ofNullable(scopeSubject),
        Optional.ofNullable(scopeModel),
        Optional.ofNullable(scopeProvider),
        scopeTagName == null || scopeTagValue == null
            ? Optional.empty()
            : Optional.of(new Tag(scopeTagName, scopeTagValue)));
  }
}
