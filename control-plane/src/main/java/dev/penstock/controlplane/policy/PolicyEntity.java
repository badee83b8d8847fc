package dev.penstock.controlplane.policy;

import dev.penstock.controlplane.row.Row;
import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.kernel.policy.PolicyMode;
import dev.penstock.kernel.policy.PolicyRules;
import dev.penstock.kernel.policy.UnknownPrice;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.hibernate.annotations.Formula;
import org.jspecify.annotations.Nullable;

@Entity(name = "Policy")
@Table(schema = "policy", name = "policy")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class PolicyEntity implements Row<Policy> {

  private static final String REFUSE = "refuse";
  private static final String CEILING = "ceiling";

  @Id String tenant;

  /** Cast, because the database orders by no bare constant. */
  @Formula("cast('" + Policy.NAME + "' as text)")
  String name = Policy.NAME;

  String mode;
  String @Nullable [] allowedModels;
  String @Nullable [] residencyRegions;
  @Nullable String unknownPrice;
  @Nullable Long unknownPriceCeiling;
  @Nullable Long maxStalenessMillis;
  String[] guards;
  boolean hipaa;

  @Override
  public void set(Policy policy) {
    tenant = policy.tenant();
    mode = policy.rules().mode().name().toLowerCase(Locale.ROOT);
    allowedModels = policy.rules().allowedModels().map(PolicyEntity::sorted).orElse(null);
    residencyRegions = policy.rules().regions().map(PolicyEntity::sorted).orElse(null);
    unknownPrice = null;
    unknownPriceCeiling = null;
    policy.rules().unknownPrice().ifPresent(this::set);
    maxStalenessMillis = policy.rules().maxStaleness().map(Duration::toMillis).orElse(null);
    guards = policy.rules().guards().toArray(String[]::new);
    hipaa = policy.rules().hipaa();
  }

  private void set(UnknownPrice price) {
    switch (price) {
      case UnknownPrice.Refuse refuse -> unknownPrice = REFUSE;
      case UnknownPrice.Ceiling(TokenPrice ceiling) -> {
        unknownPrice = CEILING;
        unknownPriceCeiling = ceiling.nanoUsdPerMillion();
      }
    }
  }

  private static String[] sorted(Set<String> names) {
    return names.stream().sorted().toArray(String[]::new);
  }

  @Override
  public Policy toRecord() {
    return new Policy(
        tenant,
        new PolicyRules(
            PolicyMode.valueOf(mode.toUpperCase(Locale.ROOT)),
            Optional.ofNullable(allowedModels).map(Set::of),
            Optional.ofNullable(residencyRegions).map(Set::of),
            toUnknownPrice(),
            Optional.ofNullable(maxStalenessMillis).map(Duration::ofMillis),
            List.of(guards),
            hipaa));
  }

  private Optional<UnknownPrice> toUnknownPrice() {
    if (unknownPriceCeiling != null) {
      return Optional.of(new UnknownPrice.Ceiling(new TokenPrice(unknownPriceCeiling)));
    }
    return Optional.ofNullable(unknownPrice).map(refuse -> new UnknownPrice.Refuse());
  }
}
