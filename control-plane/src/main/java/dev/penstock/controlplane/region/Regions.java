package dev.penstock.controlplane.region;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** The regions of the installation. */
@Singleton
public class Regions implements Feature<Region> {

  private final RegionRows rows;

  Regions(RegionRows rows) {
    this.rows = rows;
  }

  /** All regions, by name. */
  public List<Region> all() {
    return rows.list("order by name").stream().map(RegionEntity::toRegion).toList();
  }

  @Override
  public Kind kind() {
    return Kind.REGION;
  }

  @Override
  public Region read(ResourceRef ref, Spec spec) {
    Region region = new Region(ref.name(), spec.text("displayName"), spec.text("jurisdiction"));
    spec.end();
    return region;
  }

  @Override
  public Optional<Region> find(ResourceRef ref) {
    return rows.findByIdOptional(ref.name()).map(RegionEntity::toRegion);
  }

  @Override
  public Optional<String> create(Region wanted) {
    rows.persist(RegionEntity.of(wanted));
    return Optional.empty();
  }

  @Override
  public void update(Region stored, Region wanted) {
    rows.findById(stored.name()).set(wanted);
  }

  @Override
  public void delete(Region stored) {
    rows.deleteById(stored.name());
  }

  @Override
  public List<Region> page(Optional<String> tenant, String afterName, int limit) {
    return rows.find("name > ?1 order by name", afterName).page(0, limit).stream()
        .map(RegionEntity::toRegion)
        .toList();
  }

  @Override
  public ResourceRef refOf(Region region) {
    return ResourceRef.ofPlatform(Kind.REGION, region.name());
  }

  @Override
  public ObjectNode specOf(Region region) {
    return new SpecWriter()
        .text("displayName", region.displayName())
        .text("jurisdiction", region.jurisdiction())
        .done();
  }
}
