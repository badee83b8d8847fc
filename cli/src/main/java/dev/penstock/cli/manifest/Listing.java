package dev.penstock.cli.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.penstock.cli.CommandFailure;
import dev.penstock.cli.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How resources are printed. */
enum Listing {
  YAML {
    @Override
    String render(List<JsonNode> items) {
      StringBuilder text = new StringBuilder();
      items.forEach(
          item -> text.append(text.isEmpty() ? "" : "---\n").append(written(AS_YAML, item)));
      return text.toString();
    }
  },
  JSON {
    @Override
    String render(List<JsonNode> items) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      array.addAll(items);
      return written(AS_JSON, array) + "\n";
    }
  },
  TABLE {
    @Override
    String render(List<JsonNode> items) {
      boolean manifests = items.stream().allMatch(item -> item.path("metadata").isObject());
      return manifests ? manifestTable(items) : reportTable(items);
    }
  };

  private static final ObjectWriter AS_YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build()
          .writer();
  private static final ObjectWriter AS_JSON = new ObjectMapper().writerWithDefaultPrettyPrinter();

  abstract String render(List<JsonNode> items);

  static Listing parse(String text) {
    for (Listing listing : values()) {
      if (listing.name().toLowerCase(Locale.ROOT).equals(text)) {
        return listing;
      }
    }
    throw CommandFailure.usage("-o: %s (expected: yaml, json or table)".formatted(text));
  }

  private static String manifestTable(List<JsonNode> items) {
    TextTable table = new TextTable("KIND", "TENANT", "NAME", "SPEC");
    for (JsonNode item : items) {
      table.row(
          item.path("kind").asText(),
          item.path("metadata").path("tenant").asText("-"),
          item.path("metadata").path("name").asText(),
          shortened(item.path("spec").toString()));
    }
    return table.toString();
  }

  private static String reportTable(List<JsonNode> items) {
    Set<String> columns = new LinkedHashSet<>();
    items.forEach(item -> item.fieldNames().forEachRemaining(columns::add));
    List<String> names = new ArrayList<>(columns);
    TextTable table =
        new TextTable(
            names.stream().map(name -> name.toUpperCase(Locale.ROOT)).toArray(String[]::new));
    for (JsonNode item : items) {
      table.row(names.stream().map(name -> cell(item.path(name))).toArray(String[]::new));
    }
    return table.toString();
  }

  private static String cell(JsonNode value) {
    return shortened(value.isValueNode() ? value.asText("-") : value.toString());
  }

  private static String shortened(String text) {
    int most = 80;
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  private static String written(ObjectWriter writer, JsonNode value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that cannot be written", e);
    }
  }
}
