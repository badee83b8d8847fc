package dev.penstock.controlplane.catalogue;

import dev.penstock.kernel.money.NanoUsd;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

@Entity(name = "Price")
@Table(schema = "policy", name = "price")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class PriceEntity {

  @Id UUID priceId;
  String model;
  @Nullable UUID deploymentId;
  Instant validFrom;
  long input;
  @Nullable Long cacheRead;
  long output;

  static PriceEntity of(String model, @Nullable UUID deploymentId, PriceVersion price) {
    PriceEntity entity = new PriceEntity();
    entity.priceId = UUID.randomUUID();
    entity.model = model;
    entity.deploymentId = deploymentId;
    entity.validFrom = price.validFrom();
    entity.input = price.input().value();
    entity.cacheRead = price.cacheRead().map(NanoUsd::value).orElse(null);
    entity.output = price.output().value();
    return entity;
  }

  PriceVersion toPrice() {
    return new PriceVersion(
        validFrom,
        new NanoUsd(input),
        Optional.ofNullable(cacheRead).map(NanoUsd::new),
        new NanoUsd(output));
  }
}
