package dev.penstock.kernel.snapshot;

import dev.penstock.kernel.snapshot.PolicyContent.KeyRule;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which requests of a tenant's subtree a budget binds: those for which all holds that is named
 * here.
 *
 * @param apiKey name of a key of the budget's tenant: a rotated key stays bound under it
 * @param subject as the records name callers that are no keys: a service account's client id
 * @param model the deployment's own, whatever name was asked for
 * @param provider of the attempt
 * @param tag one of those that the request carries, from its tenants or its key
 */
public record BudgetScope(
    Optional<String> apiKey,
    Optional<String> subject,
    Optional<String> model,
    Optional<String> provider,
    Optional<Tag> tag) {

  /** Every request of the subtree. */
  public static final BudgetScope ALL =
      new BudgetScope(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public BudgetScope {
    Objects.requireNonNull(apiKey, "apiKey");
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(tag, "tag");
  }

  /** A tag with its value. */
  public record Tag(String name, String value) {
    public Tag {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * Who asks, as far as a scope looks at it.
   *
   * @param subject empty where the caller is an API key
   * @param tags the tenant's and the caller's together
   */
  public record Asker(Principal who, String subject, Map<String, String> tags) {
    public Asker {
      Objects.requireNonNull(who, "who");
      Objects.requireNonNull(subject, "subject");
      Objects.requireNonNull(tags, "tags");
    }
  }

  /** Narrowed to keys or models alone, as nodes of every build know it. */
  public static BudgetScope of(Optional<String> apiKey, Optional<String> model) {
    return new BudgetScope(apiKey, Optional.empty(), model, Optional.empty(), Optional.empty());
  }

  /** Whether somebody who asks is within what is said of callers; {@code owner} has the budget. */
  public boolean holdsFor(String owner, Asker asker) {
    return (apiKey.isEmpty() || isKeyOf(owner, asker.who()))
        && (subject.isEmpty() || subject.get().equals(asker.subject()))
        && (tag.isEmpty() || tag.get().value().equals(asker.tags().get(tag.get().name())));
  }

  private boolean isKeyOf(String owner, Principal who) {
    return switch (who) {
      case KeyRule key -> key.tenant().equals(owner) && key.name().equals(apiKey.orElseThrow());
      case ServiceAccount account -> false;
    };
  }

  /** Whether a call to a model at a provider is within what is said of calls. */
  boolean holdsAt(String ownModel, String atProvider) {
    return (model.isEmpty() || model.get().equals(ownModel))
        && (provider.isEmpty() || provider.get().equals(atProvider));
  }

  /** Whether a node has to know more than keys and models to match it. */
  public boolean isFine() {
    return subject.isPresent() || provider.isPresent() || tag.isPresent();
  }
}
