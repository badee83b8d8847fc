package dev.penstock.controlplane.region;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.row.RowStore;
import jakarta.inject.Singleton;
import java.util.List;
import org.hibernate.Session;

/** The regions of the installation. */
@Singleton
public class Regions implements Feature<Region> {

  private final Store<Region> store;

  Regions(Session session) {
    store =
        new RowStore<>(session, Kind.REGION, RegionEntity.class, RegionEntity::new, Region::name);
  }

  @Override
  public Store<Region> store() {
    return store;
  }

  @Override
  public Region read(ResourceRef ref, Spec spec) {
    Region region = new Region(ref.name(), spec.text("displayName"), spec.text("jurisdiction"));
    spec.end();
    return region;
  }

  @Override
  public List<Field> listFields() {
    return List.of(Field.text("displayName"), Field.text("jurisdiction"));
  }

  @Override
  public ObjectNode specOf(Region region) {
    return new SpecWriter()
        .text("displayName", region.displayName())
        .text("jurisdiction", region.jurisdiction())
        .done();
  }
}
