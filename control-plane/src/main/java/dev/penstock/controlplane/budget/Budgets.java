package dev.penstock.controlplane.budget;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.alert.WebhookAddresses;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.provider.ProviderAddress;
import dev.penstock.controlplane.row.RowStore;
import dev.penstock.kernel.snapshot.BudgetScope;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.hibernate.Session;

/** The budgets of the tenants, as they are stated. */
@Singleton
public class Budgets implements Feature<Budget> {

  private static final String STRICT = "strict";
  private static final Set<String> MODES = Set.of(STRICT, "available");

  private final Store<Budget> store;
  private final ProviderAddress addresses;

  Budgets(Session session, WebhookAddresses webhooks) {
    addresses = webhooks.judge();
    store = new RowStore<>(session, Kind.BUDGET, BudgetEntity.class, BudgetEntity::new, Budget::id);
  }

  @Override
  public Store<Budget> store() {
    return store;
  }

  @Override
  public Budget read(ResourceRef ref, Spec spec) {
    Optional<Spec> scope = spec.object("scope");
    Optional<Spec> window = spec.object("window");
    if (window.isEmpty() && !spec.has("window")) {
      spec.refuse("window", "is missing");
    }
    Budget budget =
        new Budget(
            UUID.randomUUID(),
            ref.owner(),
            ref.name(),
            scope.map(ScopeText::read).orElse(BudgetScope.ALL),
            spec.requiredUsd("amount"),
            window.map(Span::read).orElse(Span.MONTH),
            spec.word("mode", MODES).orElse(STRICT),
            spec.flag("clampToFit").orElse(false),
            ThresholdText.read(spec),
            spec.object("webhook").map(this::readWebhook));
    window.ifPresent(Spec::end);
    spec.end();
    return budget;
  }

  private Webhook readWebhook(Spec webhook) {
    String url = webhook.requiredText("url");
    if (!url.isEmpty()) {
      addresses.problemOf(url).ifPresent(problem -> webhook.refuse("url", problem));
    }
    Optional<Spec> secret = webhook.object("secret");
    if (secret.isEmpty() && !webhook.has("secret")) {
      webhook.refuse("secret", "is missing");
    }
    Webhook read =
        new Webhook(
            url,
            secret.map(reference -> reference.requiredName("tenant")).orElse(""),
            secret.map(reference -> reference.requiredName("name")).orElse(""));
    secret.ifPresent(Spec::end);
    webhook.end();
    return read;
  }

  private static ObjectNode write(Webhook webhook) {
    ObjectNode secret =
        new SpecWriter()
            .text("tenant", webhook.secretTenant())
            .text("name", webhook.secretName())
            .done();
    return new SpecWriter().text("url", webhook.url()).node("secret", secret).done();
  }

  @Override
  public boolean isSame(Budget stored, Budget wanted) {
    return stored.equals(wanted.withId(stored.id()));
  }

  @Override
  public List<Field> listFields() {
    return List.of(
        Field.spec("amount", Field.Type.DECIMAL),
        Field.text("mode"),
        Field.text("scope.apiKey"),
        Field.text("scope.model"),
        Field.text("scope.provider"),
        Field.text("scope.subject"),
        Field.text("window.every"),
        Field.text("window.rolling"));
  }

  @Override
  public ObjectNode specOf(Budget budget) {
    SpecWriter spec =
        new SpecWriter()
            .node("scope", ScopeText.write(budget.scope()))
            .text("amount", budget.amount().toUsd())
            .node("window", Span.write(budget.span()))
            .text("mode", budget.mode())
            .flag("clampToFit", budget.clampToFit())
            .nodes("thresholds", ThresholdText.write(budget.thresholds()));
    budget.webhook().ifPresent(webhook -> spec.node("webhook", write(webhook)));
    return spec.done();
  }
}
