package dev.penstock.controlplane.catalogue;

import dev.penstock.kernel.money.Price;
import dev.penstock.kernel.money.Price.Tier;
import dev.penstock.kernel.money.Rates;
import dev.penstock.kernel.money.TokenPrice;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** One tier of a price version. */
@Entity(name = "Price")
@Table(schema = "policy", name = "price")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class PriceEntity {

  @Id UUID priceId;
  String model;
  @Nullable UUID deploymentId;
  Instant validFrom;
  long fromInputTokens;
  long input;
  @Nullable Long cacheRead;

  @Column(name = "cache_write_5m")
  @Nullable Long cacheWrite5m;

  @Column(name = "cache_write_1h")
  @Nullable Long cacheWrite1h;

  @Nullable Long audioInput;
  long output;
  @Nullable Long reasoning;
  @Nullable Long audioOutput;

  /** The same in every row of a version. */
  @JdbcTypeCode(SqlTypes.JSON)
  Map<String, Long> serviceTiers;

  static PriceEntity of(String model, @Nullable UUID deploymentId, Price version, Tier tier) {
    Rates rates = tier.rates();
    PriceEntity entity = new PriceEntity();
    entity.priceId = UUID.randomUUID();
    entity.model = model;
    entity.deploymentId = deploymentId;
    entity.validFrom = version.validFrom();
    entity.serviceTiers = version.serviceTiers().thousandths();
    entity.fromInputTokens = tier.fromInputTokens();
    entity.input = rates.input().nanoUsdPerMillion();
    entity.cacheRead = amount(rates.cacheRead());
    entity.cacheWrite5m = amount(rates.cacheWrite5m());
    entity.cacheWrite1h = amount(rates.cacheWrite1h());
    entity.audioInput = amount(rates.audioInput());
    entity.output = rates.output().nanoUsdPerMillion();
    entity.reasoning = amount(rates.reasoning());
    entity.audioOutput = amount(rates.audioOutput());
    return entity;
  }

  private static @Nullable Long amount(Optional<TokenPrice> price) {
    return price.map(TokenPrice::nanoUsdPerMillion).orElse(null);
  }

  Tier toTier() {
    return new Tier(
        fromInputTokens,
        new Rates(
            new TokenPrice(input),
            price(cacheRead),
            price(cacheWrite5m),
            price(cacheWrite1h),
            price(audioInput),
            new TokenPrice(output),
            price(reasoning),
            price(audioOutput)));
  }

  private static Optional<TokenPrice> price(@Nullable Long amount) {
    return Optional.ofNullable(amount).map(TokenPrice::new);
  }
}
