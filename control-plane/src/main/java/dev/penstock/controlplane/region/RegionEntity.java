package dev.penstock.controlplane.region;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity(name = "Region")
@Table(schema = "policy", name = "region")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class RegionEntity {

  @Id String name;
  @Nullable String displayName;
  @Nullable String jurisdiction;

  static RegionEntity of(Region region) {
    RegionEntity entity = new RegionEntity();
    entity.name = region.name();
    entity.set(region);
    return entity;
  }

  void set(Region region) {
    displayName = region.displayName().orElse(null);
    jurisdiction = region.jurisdiction().orElse(null);
  }

  Region toRegion() {
    return new Region(name, Optional.ofNullable(displayName), Optional.ofNullable(jurisdiction));
  }
}
