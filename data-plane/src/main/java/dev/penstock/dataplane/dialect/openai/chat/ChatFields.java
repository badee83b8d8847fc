package dev.penstock.dataplane.dialect.openai.chat;

import dev.penstock.dataplane.dialect.Feature;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning;
import dev.penstock.dataplane.dialect.ModelRequest.Reasoning.Level;
import dev.penstock.dataplane.dialect.ModelRequest.Sampling;
import dev.penstock.dataplane.dialect.field.Field;
import dev.penstock.dataplane.dialect.field.Uses;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Reads what OpenAI's and Mistral's requests say in the same words, beside messages and tools. */
public final class ChatFields {

  private static final int MAX_MODEL_LENGTH = 128;
  private static final int MAX_METADATA = 16;
  private static final int MAX_METADATA_KEY = 64;
  private static final int MAX_METADATA_VALUE = 512;
  private static final double MAX_PENALTY = 2;

  private static final Map<String, Reasoning> EFFORTS =
      Map.of(
          "none", new Reasoning.Off(),
          "minimal", new Reasoning.Effort(Level.MINIMAL),
          "low", new Reasoning.Effort(Level.LOW),
          "medium", new Reasoning.Effort(Level.MEDIUM),
          "high", new Reasoning.Effort(Level.HIGH),
          "xhigh", new Reasoning.Effort(Level.XHIGH),
          "max", new Reasoning.Effort(Level.MAX));

  private ChatFields() {}

  public static String model(Field root) {
    return root.need("model").text(MAX_MODEL_LENGTH);
  }

  /**
   * @param seedField what the dialect calls its seed
   * @param maxTemperature the dialect's
   */
  public static Sampling sampling(Field root, String seedField, double maxTemperature, Uses uses) {
    OptionalDouble temperature = number(root, "temperature", 0, maxTemperature);
    if (temperature.orElse(0) > 1) {
      uses.note(Feature.TEMPERATURE_ABOVE_1, "temperature");
    }
    if (temperature.orElse(0) > 1.5) {
      uses.note(Feature.TEMPERATURE_ABOVE_1_5, "temperature");
    }
    OptionalLong seed = whole(root, seedField, Long.MIN_VALUE, Long.MAX_VALUE);
    if (seed.isPresent()) {
      uses.note(Feature.SEED, seedField);
    }
    return new Sampling(
        temperature,
        number(root, "top_p", 0, 1),
        OptionalLong.empty(),
        seed,
        penalty(root, "presence_penalty", uses),
        penalty(root, "frequency_penalty", uses));
  }

  private static OptionalDouble penalty(Field root, String name, Uses uses) {
    OptionalDouble penalty = number(root, name, -MAX_PENALTY, MAX_PENALTY);
    if (penalty.orElse(0) != 0) {
      uses.note(Feature.PENALTIES, name);
    }
    return penalty;
  }

  static OptionalDouble number(Field root, String name, double min, double max) {
    Optional<Field> field = root.find(name);
    return field.isPresent()
        ? OptionalDouble.of(field.get().number(min, max))
        : OptionalDouble.empty();
  }

  public static OptionalLong whole(Field root, String name, long min, long max) {
    Optional<Field> field = root.find(name);
    return field.isPresent() ? OptionalLong.of(field.get().whole(min, max)) : OptionalLong.empty();
  }

  public static boolean flag(Field root, String name) {
    return root.find(name).map(Field::flag).orElse(false);
  }

  /** Stop sequences: one as a string, or some in an array. */
  public static List<String> stop(Field root, int max, Uses uses) {
    Optional<Field> field = root.find("stop");
    if (field.isEmpty()) {
      return List.of();
    }
    List<String> stop =
        field.get().node().isTextual()
            ? List.of(field.get().text())
            : field.get().items(max).stream().map(Field::text).toList();
    if (!stop.isEmpty()) {
      uses.note(Feature.STOP, "stop");
    }
    if (stop.size() > 4) {
      uses.note(Feature.STOP_ABOVE_4, "stop");
    }
    return stop;
  }

  public static void choices(Field root, Uses uses) {
    if (whole(root, "n", 1, 128).orElse(1) > 1) {
      uses.note(Feature.CHOICES, "n");
    }
  }

  public static Reasoning reasoning(Field root) {
    return root.find("reasoning_effort")
        .map(field -> field.word(EFFORTS))
        .orElse(new Reasoning.Unstated());
  }

  public static Map<String, String> metadata(Field root) {
    Optional<Field> field = root.find("metadata");
    if (field.isEmpty()) {
      return Map.of();
    }
    Field metadata = field.get().object();
    if (metadata.node().size() > MAX_METADATA) {
      throw metadata.invalid("The field metadata may have %d members.".formatted(MAX_METADATA));
    }
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String key : (Iterable<String>) metadata.node()::fieldNames) {
      if (key.length() > MAX_METADATA_KEY) {
        throw metadata.invalid(
            "A name in metadata may have %d characters.".formatted(MAX_METADATA_KEY));
      }
      String value = metadata.need(key).text();
      if (value.length() > MAX_METADATA_VALUE) {
        throw metadata.invalid(
            "A value in metadata may have %d characters.".formatted(MAX_METADATA_VALUE));
      }
      pairs.put(key, value);
    }
    return pairs;
  }
}
