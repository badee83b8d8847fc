package dev.penstock.controlplane.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes one object of a manifest; what is absent or empty is left out. */
public final class SpecWriter {

  private final ObjectNode node = JsonNodeFactory.instance.objectNode();

  public SpecWriter text(String field, String value) {
    node.put(field, value);
    return this;
  }

  public SpecWriter text(String field, Optional<String> value) {
    value.ifPresent(text -> node.put(field, text));
    return this;
  }

  public SpecWriter number(String field, Optional<Long> value) {
    value.ifPresent(number -> node.put(field, number.longValue()));
    return this;
  }

  public SpecWriter duration(String field, Optional<Duration> value) {
    value.ifPresent(duration -> node.put(field, Durations.format(duration)));
    return this;
  }

  /** Writes a yes; no is what its absence means. */
  public SpecWriter flag(String field, boolean value) {
    if (value) {
      node.put(field, true);
    }
    return this;
  }

  public SpecWriter time(String field, Optional<Instant> value) {
    value.ifPresent(time -> node.put(field, time.toString()));
    return this;
  }

  public SpecWriter texts(String field, Collection<String> values) {
    return values.isEmpty() ? this : statedTexts(field, values);
  }

  /** As {@link #texts}, but an empty list, which says something, is written. */
  public SpecWriter statedTexts(String field, Collection<String> values) {
    ArrayNode array = node.putArray(field);
    values.forEach(array::add);
    return this;
  }

  public SpecWriter tags(String field, Map<String, String> tags) {
    if (!tags.isEmpty()) {
      ObjectNode object = node.putObject(field);
      new TreeMap<>(tags).forEach(object::put);
    }
    return this;
  }

  public SpecWriter node(String field, JsonNode value) {
    node.set(field, value);
    return this;
  }

  public SpecWriter nodes(String field, Collection<? extends JsonNode> values) {
    if (!values.isEmpty()) {
      node.putArray(field).addAll(values);
    }
    return this;
  }

  public ObjectNode done() {
    return node;
  }
}
