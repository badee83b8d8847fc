package dev.penstock.dataplane.dialect.field;

import dev.penstock.dataplane.dialect.Feature;
import java.util.EnumMap;
import java.util.Map;

/** Collects the features that a request uses, each with the first field that does. */
public final class Uses {

  private final Map<Feature, String> first = new EnumMap<>(Feature.class);

  public void note(Feature feature, String path) {
    first.putIfAbsent(feature, path);
  }

  public Map<Feature, String> features() {
    return first;
  }
}
