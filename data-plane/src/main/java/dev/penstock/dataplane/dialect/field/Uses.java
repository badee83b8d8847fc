package dev.penstock.dataplane.dialect.field;

import dev.penstock.dataplane.dialect.Feature;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Collects the features that a request uses, each with the first field that does. */
public final class Uses {

  private static final Pattern UNUSUAL = Pattern.compile("[^A-Za-z0-9_.$\\[\\]-]");
  private static final int MAX_PATH = 200;

  private final Map<Feature, String> first;

  public Uses() {
    this(new EnumMap<>(Feature.class));
  }

  /**
   * @param first receives them
   */
  public Uses(Map<Feature, String> first) {
    this.first = first;
  }

  /**
   * The path may go into a header and into an error's message, so what no API would name a field
   * becomes a star.
   */
  public void note(Feature feature, String path) {
    String shown = path.substring(0, Math.min(path.length(), MAX_PATH));
    first.putIfAbsent(feature, UNUSUAL.matcher(shown).replaceAll("*"));
  }

  public Map<Feature, String> features() {
    return first;
  }
}
