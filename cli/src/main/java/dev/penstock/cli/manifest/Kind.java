package dev.penstock.cli.manifest;

import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.admin.AdminClient;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of resources, and what the admin API calls them. */
enum Kind {
  REGION("regions", Owner.PLATFORM),
  TENANT("tenants", Owner.PLATFORM),
  PROVIDER("providers", Owner.PLATFORM),
  MODEL("models", Owner.PLATFORM),
  SECRET("secrets", Owner.TENANT),
  POLICY("policies", Owner.TENANT),
  ROUTE("routes", Owner.TENANT),
  BUDGET("budgets", Owner.TENANT),
  RATE_LIMIT("rate-limits", Owner.TENANT),
  GUARD("guards", Owner.TENANT),
  API_KEY("api-keys", Owner.TENANT),
  MEMBER("members", Owner.TENANT),

  /** What the control plane reports, not what was applied: read only. */
  NODE("nodes", Owner.PLATFORM),
  REVISION("revisions", Owner.PLATFORM),
  ROLLOUT("rollouts", Owner.PLATFORM);

  /** Whether a name is unique in the installation or in a tenant. */
  enum Owner {
    PLATFORM,
    TENANT
  }

  private final String plural;
  private final Owner owner;

  Kind(String plural, Owner owner) {
    this.plural = plural;
    this.owner = owner;
  }

  Owner owner() {
    return owner;
  }

  /** Takes what people type: {@code ApiKey}, {@code api-key}, {@code apikeys}. */
  static Kind parse(String text) {
    String plain = text.toLowerCase(Locale.ROOT).replace("-", "");
    for (Kind kind : values()) {
      String plural = kind.plural.replace("-", "");
      String singular = kind.name().toLowerCase(Locale.ROOT).replace("_", "");
      if (plain.equals(plural) || plain.equals(singular)) {
        return kind;
      }
    }
    throw CommandFailure.usage(
        "there is no kind %s (there are: %s)."
            .formatted(
                text,
                Arrays.stream(values()).map(k -> k.plural).collect(Collectors.joining(", "))));
  }

  /** Whether manifests state it; the others are reports. */
  boolean isStated() {
    return this != NODE && this != REVISION && this != ROLLOUT;
  }

  String listPath() {
    return plural;
  }

  String listPath(String tenant) {
    return "tenants/" + AdminClient.encoded(tenant) + "/" + plural;
  }

  /** Of one resource; the tenant that owns it is null for what the platform owns. */
  String path(@Nullable String tenant, String name) {
    if (!isStated()) {
      throw CommandFailure.usage(plural + " are reports; nobody can delete them.");
    }
    return switch (owner) {
      case PLATFORM -> {
        if (tenant != null) {
          throw CommandFailure.usage("%s belong to no tenant; leave -t out.".formatted(plural));
        }
        yield plural + "/" + AdminClient.encoded(name);
      }
      case TENANT -> {
        if (tenant == null) {
          throw CommandFailure.usage("%s belong to a tenant; name it with -t.".formatted(plural));
        }
        yield listPath(tenant) + "/" + AdminClient.encoded(name);
      }
    };
  }
}
