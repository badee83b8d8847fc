package dev.penstock.controlplane.revision;

import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The feature of each kind. */
@Singleton
public class Features {

  private final Map<Kind, Feature<?>> byKind = new EnumMap<>(Kind.class);

  Features(@All List<Feature<?>> features) {
    features.forEach(feature -> byKind.put(feature.store().kind(), feature));
  }

  boolean knows(Kind kind) {
    return byKind.containsKey(kind);
  }

  public Feature<?> of(Kind kind) {
    return Objects.requireNonNull(byKind.get(kind), kind::label);
  }
}
