package dev.penstock.controlplane.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.problem.StorableText;
import dev.penstock.kernel.money.NanoUsd;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads one object of a manifest, strictly: what is wrong is noted under the field's path, and the
 * reader goes on with a harmless value; nothing is used of a manifest with findings. A field that
 * nobody asked for is an error, see {@link #end}. Values are never quoted in a finding unless they
 * are names.
 */
public final class Spec {

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern TAG = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,62}");
  private static final int MAX_TEXT = 1024;
  private static final int MAX_ITEMS = 2000;
  private static final int MAX_TAGS = 64;

  private final ObjectNode node;
  private final String path;
  private final Findings findings;
  private final Set<String> known = new HashSet<>();

  Spec(ObjectNode node, String path, Findings findings) {
    this.node = node;
    this.path = path;
    this.findings = findings;
  }

  /** Of something that is written as a manifest's part is, and is none. */
  public static Spec of(ObjectNode node, Findings findings) {
    return new Spec(node, "", findings);
  }

  /** Whether a text is a resource's name. */
  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** Notes that something is wrong with a field. */
  public void refuse(String field, String detail) {
    findings.add(pathOf(field), detail);
  }

  /** Notes a field that this build has no use for yet. */
  public void refuseIfPresent(String field, String detail) {
    if (present(field).isPresent()) {
      refuse(field, detail);
    }
  }

  public Optional<String> text(String field) {
    Optional<JsonNode> value = present(field);
    if (value.isPresent() && !value.get().isTextual()) {
      refuse(field, "expected a text" + (value.get().isNumber() ? " (in quotes)" : ""));
      return Optional.empty();
    }
    Optional<String> text = value.map(JsonNode::textValue);
    if (text.isPresent() && (text.get().isEmpty() || text.get().length() > MAX_TEXT)) {
      refuse(field, "expected 1 to " + MAX_TEXT + " characters");
      return Optional.empty();
    }
    if (text.isPresent() && !StorableText.allows(text.get())) {
      refuse(field, StorableText.EXPECTED);
      return Optional.empty();
    }
    return text;
  }

  public String requiredText(String field) {
    return text(field).orElseGet(() -> missing(field, ""));
  }

  /** A reference or name. */
  public Optional<String> name(String field) {
    return text(field)
        .filter(text -> {
          if (!isName(text)) {
            refuse(field, "expected a name: " + NAME);
          }
          return isName(text);
        });
  }

  public String requiredName(String field) {
    return present(field).isEmpty() ? missing(field, "") : name(field).orElse("");
  }

  /** One of a few words. */
  public Optional<String> word(String field, Set<String> words) {
    return text(field)
        .filter(text -> {
          if (!words.contains(text)) {
            refuse(field, "expected one of " + words.stream().sorted().toList());
          }
          return words.contains(text);
        });
  }

  /** A yes or no. */
  public Optional<Boolean> flag(String field) {
    Optional<JsonNode> value = present(field);
    if (value.isPresent() && !value.get().isBoolean()) {
      refuse(field, "expected true or false");
      return Optional.empty();
    }
    return value.map(JsonNode::booleanValue);
  }

  public Optional<Long> integer(String field, long min, long max) {
    Optional<JsonNode> value = present(field);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    JsonNode number = value.get();
    if (!number.isIntegralNumber()
        || !number.canConvertToLong()
        || number.longValue() < min
        || number.longValue() > max) {
      refuse(field, "expected an integer from " + min + " to " + max);
      return Optional.empty();
    }
    return Optional.of(number.longValue());
  }

  /** An amount in USD, written as a decimal string. */
  public Optional<NanoUsd> usd(String field) {
    Optional<String> text = text(field);
    try {
      return text.map(NanoUsd::ofUsd);
    } catch (IllegalArgumentException notMoney) {
      refuse(field, String.valueOf(notMoney.getMessage()));
      return Optional.empty();
    }
  }

  public NanoUsd requiredUsd(String field) {
    return present(field).isEmpty()
        ? missing(field, NanoUsd.ZERO)
        : usd(field).orElse(NanoUsd.ZERO);
  }

  public Optional<Instant> time(String field) {
    try {
      // Milliseconds are what every store and wire of ours keeps.
      return text(field).map(text -> Instant.parse(text).truncatedTo(ChronoUnit.MILLIS));
    } catch (DateTimeParseException notTime) {
      refuse(field, "expected a time such as 2027-01-01T00:00:00Z");
      return Optional.empty();
    }
  }

  /** A duration such as {@code 250ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 30d}. */
  public Optional<Duration> duration(String field, Duration least, Duration most) {
    Optional<String> text = text(field);
    Optional<Duration> duration =
        text.flatMap(Durations::parse)
            .filter(each -> each.compareTo(least) >= 0 && each.compareTo(most) <= 0);
    if (text.isPresent() && duration.isEmpty()) {
      refuse(
          field,
          "expected a duration from %s to %s, such as 250ms, 10s, 5m or 1h"
              .formatted(Durations.format(least), Durations.format(most)));
    }
    return duration;
  }

  public Optional<String> timeZone(String field) {
    Optional<String> zone = text(field);
    try {
      zone.ifPresent(ZoneId::of);
      return zone;
    } catch (DateTimeException unknown) {
      refuse(field, "expected a time zone such as Europe/Berlin");
      return Optional.empty();
    }
  }

  /** Texts without duplicates, in the order in which they stand. */
  public Optional<List<String>> texts(String field, Pattern each) {
    Optional<JsonNode> value = present(field);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : items(field, value.get())) {
      String at = field + "[" + texts.size() + "]";
      String text = item.isTextual() ? item.textValue() : "";
      if (!each.matcher(text).matches()) {
        refuse(at, "expected a text of the form " + each);
      } else if (texts.contains(text)) {
        refuse(at, text + " is named twice");
      }
      texts.add(text);
    }
    return Optional.of(List.copyOf(texts));
  }

  /** Texts of any form without duplicates, in the order in which they stand; none is quoted. */
  public Optional<List<String>> freeTexts(String field) {
    Optional<JsonNode> value = present(field);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : items(field, value.get())) {
      String at = field + "[" + texts.size() + "]";
      String text = item.isTextual() ? item.textValue() : "";
      if (text.isEmpty() || text.length() > MAX_TEXT) {
        refuse(at, "expected a text of 1 to " + MAX_TEXT + " characters");
      } else if (!StorableText.allows(text)) {
        refuse(at, StorableText.EXPECTED);
      } else if (texts.contains(text)) {
        refuse(at, "stands in the list twice");
      }
      texts.add(text);
    }
    return Optional.of(List.copyOf(texts));
  }

  public Optional<List<String>> names(String field) {
    return texts(field, NAME);
  }

  public Optional<List<String>> tagNames(String field) {
    return texts(field, TAG);
  }

  public Map<String, String> tags(String field) {
    Map<String, String> tags = new TreeMap<>();
    object(field)
        .ifPresent(spec -> {
          if (spec.fields().size() > MAX_TAGS) {
            refuse(field, "expected at most " + MAX_TAGS + " tags");
          }
          for (String name : spec.fields()) {
            if (!TAG.matcher(name).matches()) {
              spec.refuse(name, "expected a tag name of the form " + TAG);
            }
            spec.text(name).ifPresent(value -> tags.put(name, value));
          }
        });
    return Map.copyOf(tags);
  }

  /** A nested object; whoever reads it calls {@link #end}. */
  public Optional<Spec> object(String field) {
    Optional<JsonNode> value = present(field);
    if (value.isPresent() && !value.get().isObject()) {
      refuse(field, "expected an object");
      return Optional.empty();
    }
    return value.map(object -> new Spec((ObjectNode) object, pathOf(field), findings));
  }

  /** Nested objects; whoever reads them calls {@link #end} on each. */
  public List<Spec> objects(String field) {
    return present(field).map(value -> objects(field, value)).orElse(List.of());
  }

  /** A list of lists of objects; whoever reads them calls {@link #end} on each object. */
  public List<List<Spec>> objectLists(String field) {
    List<List<Spec>> lists = new ArrayList<>();
    for (JsonNode item : present(field).map(value -> items(field, value)).orElse(List.of())) {
      lists.add(objects(field + "[" + lists.size() + "]", item));
    }
    return lists;
  }

  private List<Spec> objects(String field, JsonNode value) {
    List<Spec> objects = new ArrayList<>();
    int index = 0;
    for (JsonNode item : items(field, value)) {
      String at = field + "[" + index++ + "]";
      if (item instanceof ObjectNode object) {
        objects.add(new Spec(object, pathOf(at), findings));
      } else {
        refuse(at, "expected an object");
      }
    }
    return objects;
  }

  /** The names of the fields that are there. */
  public List<String> fields() {
    List<String> fields = new ArrayList<>();
    node.fieldNames().forEachRemaining(fields::add);
    return fields;
  }

  public boolean has(String field) {
    return present(field).isPresent();
  }

  /** Whether a field is there and is a text: where either a word or an object may stand. */
  public boolean hasText(String field) {
    return present(field).map(JsonNode::isTextual).orElse(false);
  }

  /** Every field must have been asked for by now. */
  public void end() {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!known.contains(name)) {
        refuse(name, "unknown field");
      }
    }
  }

  private Optional<JsonNode> present(String field) {
    known.add(field);
    return Optional.ofNullable(node.get(field)).filter(value -> !value.isNull());
  }

  private List<JsonNode> items(String field, JsonNode value) {
    if (!value.isArray()) {
      refuse(field, "expected a list");
      return List.of();
    }
    if (value.size() > MAX_ITEMS) {
      refuse(field, "expected at most " + MAX_ITEMS + " entries");
      return List.of();
    }
    List<JsonNode> items = new ArrayList<>();
    value.forEach(items::add);
    return items;
  }

  private <T> T missing(String field, T harmless) {
    if (present(field).isEmpty()) {
      refuse(field, "is missing");
    }
    return harmless;
  }

  private String pathOf(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
