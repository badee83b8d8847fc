package dev.penstock.providersim.script;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Models that answer with one known content each, in the shapes of whoever is asked. */
final class ReadyCases {
  private static final String THINK = "{\"think\": \"Paris is in France. It must be mild there.\"}";
  private static final String WEATHER =
      "{\"call\": {\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}}";

  private static final String CITIES =
      """
      [{"name": "get_weather", "arguments": {"city": "Paris"}},
       {"name": "get_weather", "arguments": {"city": "Rome"}}]\
      """;

  private static final Map<String, Script> SCRIPTS = new TreeMap<>();

  static {
    put("sim-text", "{\"say\": \"It is mild in Paris.\"}", "{\"finish\": \"stop\"}");
    put("sim-tool", WEATHER, "{\"finish\": \"tool_calls\"}");
    put("sim-text-tool", "{\"say\": \"I shall look.\"}", WEATHER, "{\"finish\": \"tool_calls\"}");
    put("sim-tools", "{\"calls\": " + CITIES + "}", "{\"finish\": \"tool_calls\"}");
    put(
        "sim-tools-braided",
        "{\"calls\": " + CITIES + ", \"braided\": true}",
        "{\"finish\": \"tool_calls\"}");
    put("sim-tool-bare", "{\"call\": {\"name\": \"get_time\"}}", "{\"finish\": \"tool_calls\"}");
    put("sim-json", "{\"say\": {\"city\": \"Paris\", \"degrees\": 14}}", "{\"finish\": \"stop\"}");
    put("sim-reasoning", THINK, "{\"say\": \"It is mild in Paris.\"}", "{\"finish\": \"stop\"}");
    put("sim-reasoning-tool", THINK, WEATHER, "{\"finish\": \"tool_calls\"}");
    put("sim-refusal", "{\"refuse\": \"I cannot help with that.\"}", "{\"finish\": \"stop\"}");
    put("sim-length", "{\"say\": \"It is mild in\"}", "{\"finish\": \"length\"}");
    put("sim-filter", "{\"say\": \"It is\"}", "{\"finish\": \"content_filter\"}");
  }

  /** All of them. */
  static final List<String> NAMES = List.copyOf(SCRIPTS.keySet());

  private ReadyCases() {}

  static Optional<Script> find(String name) {
    return Optional.ofNullable(SCRIPTS.get(name));
  }

  private static void put(String name, String... steps) {
    String script = "{\"steps\": [" + String.join(",", steps) + "]}";
    SCRIPTS.put(name, ScriptReader.read(ScriptReader.parse(script), Optional.empty()));
  }
}
