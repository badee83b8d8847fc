package dev.penstock.helm;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What one values file makes of the chart. */
record Release(Path values, List<KubeObject> objects) {

  Release {
    objects = List.copyOf(objects);
  }

  List<KubeObject> ofKind(String kind) {
    return objects.stream().filter(object -> object.kind().equals(kind)).toList();
  }

  KubeObject only(String kind, String name) {
    List<KubeObject> found =
        ofKind(kind).stream().filter(object -> object.name().equals(name)).toList();
    if (found.size() != 1) {
      throw new AssertionError(kind + "/" + name + " occurs " + found.size() + " times in " + this);
    }
    return found.getFirst();
  }

  /** Deployments, StatefulSets and Jobs. */
  List<KubeObject> workloads() {
    return objects.stream().filter(KubeObject::runsPods).toList();
  }

  List<KubeObject> workloadsOf(String component) {
    return workloads().stream().filter(it -> it.component().equals(component)).toList();
  }

  /** The workloads whose pods a selector finds. */
  List<KubeObject> selectedBy(Map<String, String> selector) {
    return workloads().stream()
        .filter(it -> it.podLabels().entrySet().containsAll(selector.entrySet()))
        .toList();
  }

  @Override
  public String toString() {
    return values.getFileName().toString();
  }
}
