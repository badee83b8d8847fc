package dev.penstock.providersim.script;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** All models the provider has: scripts put here win over ready faults and over plain names. */
public final class ScriptBook {
  private static final List<String> PLAIN_EXAMPLES =
      List.of("sim", "sim-n100-b24-d50000-t200000-g1");

  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  private record Entry(JsonNode source, Script script) {}

  /**
   * Replaces what {@code model} does, from its next call on.
   *
   * @throws BadScript if the JSON is not a script
   */
  public void put(String model, JsonNode source) {
    entries.put(model, new Entry(source.deepCopy(), ScriptReader.read(source, builtIn(model))));
  }

  /** As {@link #put(String, JsonNode)}, from text. */
  public void put(String model, String json) {
    put(model, ScriptReader.parse(json));
  }

  /** Whether there was one. */
  public boolean remove(String model) {
    return entries.remove(model) != null;
  }

  /** The JSON that was put for this model. */
  public Optional<JsonNode> source(String model) {
    return Optional.ofNullable(entries.get(model)).map(Entry::source);
  }

  /** The JSON of all scripts that were put, by model. */
  public Map<String, JsonNode> sources() {
    Map<String, JsonNode> sorted = new TreeMap<>();
    entries.forEach((model, entry) -> sorted.put(model, entry.source()));
    return sorted;
  }

  /** What the model does, if there is such a model. */
  public Optional<Script> find(String model) {
    return Optional.ofNullable(entries.get(model)).map(Entry::script).or(() -> builtIn(model));
  }

  /** Names to show to someone who asks which models there are; plain names are without number. */
  public List<String> names() {
    return Stream.of(entries.keySet(), PLAIN_EXAMPLES, ReadyCases.NAMES, ReadyFaults.EXAMPLES)
        .flatMap(Collection::stream)
        .distinct()
        .sorted()
        .toList();
  }

  private static Optional<Script> builtIn(String model) {
    return ReadyFaults.find(model)
        .or(() -> ReadyCases.find(model))
        .or(() -> PlainModel.read(model));
  }
}
