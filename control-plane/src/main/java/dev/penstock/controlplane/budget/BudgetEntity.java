package dev.penstock.controlplane.budget;

import dev.penstock.controlplane.row.Row;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.snapshot.BudgetScope;
import dev.penstock.kernel.snapshot.BudgetScope.Tag;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
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

  /** Null: calendar periods. */
  @Nullable Long rollingSeconds;

  String mode;
  boolean clampToFit;

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
    setSpan(budget.span());
    mode = budget.mode();
    clampToFit = budget.clampToFit();
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
        span(),
        mode,
        clampToFit,
        thresholds,
        webhook());
  }

  private void setSpan(Span span) {
    switch (span) {
      case Span.Calendar calendar -> {
        windowEvery = calendar.every();
        timeZone = calendar.timeZone();
        rollingSeconds = null;
      }
      case Span.Rolling rolling -> {
        setSpan(Span.MONTH); // of no account, but the columns want a value
        rollingSeconds = rolling.length().toSeconds();
      }
    }
  }

  private Span span() {
    return rollingSeconds == null
        ? new Span.Calendar(windowEvery, timeZone)
        : new Span.Rolling(Duration.ofSeconds(rollingSeconds));
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
