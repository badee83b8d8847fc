package dev.penstock.controlplane.region;

import dev.penstock.controlplane.row.Row;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity(name = "Region")
@Table(schema = "policy", name = "region")
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class RegionEntity implements Row<Region> {

  @Id String name;
  @Nullable String displayName;
  @Nullable String jurisdiction;

  @Override
  public void set(Region region) {
    name = region.name();
    displayName = region.displayName().orElse(null);
    jurisdiction = region.jurisdiction().orElse(null);
  }

  @Override
  public Region toRecord() {
    return new Region(name, Optional.ofNullable(displayName), Optional.ofNullable(jurisdiction));
  }
}
