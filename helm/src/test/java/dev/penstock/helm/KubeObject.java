package dev.penstock.helm;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** One rendered object. */
record KubeObject(JsonObject json) {

  static List<KubeObject> parse(String stream) {
    Gson gson = new Gson();
    List<KubeObject> objects = new ArrayList<>();
    for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(stream)) {
      if (document != null) {
        objects.add(new KubeObject(gson.toJsonTree(document).getAsJsonObject()));
      }
    }
    return objects;
  }

  String kind() {
    return text("kind");
  }

  String name() {
    return text("metadata.name");
  }

  /** As {@code apiVersion/kind}, because a kind alone is ambiguous between API groups. */
  String type() {
    return text("apiVersion") + "/" + kind();
  }

  /** The element at a dotted path, {@link JsonNull} where any step is missing. */
  JsonElement at(String path) {
    return at(json, path);
  }

  static JsonElement at(JsonElement from, String path) {
    JsonElement element = from;
    for (String step : path.split("\\.")) {
      if (!element.isJsonObject() || !element.getAsJsonObject().has(step)) {
        return JsonNull.INSTANCE;
      }
      element = element.getAsJsonObject().get(step);
    }
    return element;
  }

  String text(String path) {
    return text(json, path);
  }

  /** The text at a dotted path, empty where any step is missing. */
  static String text(JsonElement from, String path) {
    JsonElement element = at(from, path);
    return element.isJsonPrimitive() ? element.getAsString() : "";
  }

  Map<String, String> texts(String path) {
    return texts(json, path);
  }

  static Map<String, String> texts(JsonElement from, String path) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (at(from, path) instanceof JsonObject object) {
      object.asMap().forEach((key, value) -> texts.put(key, value.getAsString()));
    }
    return texts;
  }

  List<JsonElement> list(String path) {
    return list(json, path);
  }

  static List<JsonElement> list(JsonElement from, String path) {
    return at(from, path) instanceof JsonArray array ? array.asList() : List.of();
  }

  boolean runsPods() {
    return !at("spec.template.spec.containers").isJsonNull();
  }

  JsonElement podSpec() {
    return at("spec.template.spec");
  }

  Map<String, String> podLabels() {
    return texts("spec.template.metadata.labels");
  }

  JsonElement container() {
    return list(podSpec(), "containers").getFirst();
  }

  String component() {
    return texts("metadata.labels").getOrDefault("app.kubernetes.io/component", "");
  }

  /** Every value under a key of this name, however deep. */
  Stream<JsonElement> everywhere(String key) {
    return everywhere(json, key);
  }

  private static Stream<JsonElement> everywhere(JsonElement from, String key) {
    if (from instanceof JsonObject object) {
      Stream<JsonElement> here = Stream.ofNullable(object.get(key)).filter(Objects::nonNull);
      return Stream.concat(
          here, object.asMap().values().stream().flatMap(child -> everywhere(child, key)));
    }
    if (from instanceof JsonArray array) {
      return StreamSupport.stream(array.spliterator(), false)
          .flatMap(child -> everywhere(child, key));
    }
    return Stream.empty();
  }

  @Override
  public String toString() {
    return kind() + "/" + name();
  }
}
