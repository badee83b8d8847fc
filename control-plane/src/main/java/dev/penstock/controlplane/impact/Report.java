package dev.penstock.controlplane.impact;

import dev.penstock.controlplane.manifest.ResourceRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects what is to be said, and who is touched by it. */
final class Report {

  private final List<String> sentences = new ArrayList<>();
  private final Set<String> tenants = new HashSet<>();
  private final Set<ResourceRef> keys = new HashSet<>();

  void say(String sentence, Object... arguments) {
    sentences.add(sentence.formatted(arguments));
  }

  void touch(String tenant) {
    tenants.add(tenant);
  }

  void touchAll(Collection<String> names) {
    tenants.addAll(names);
  }

  void touchKey(ResourceRef key) {
    keys.add(key);
  }

  Impact impact(World now) {
    Set<ResourceRef> touched = new HashSet<>(keys);
    now.keys().keySet().stream().filter(key -> tenants.contains(key.owner())).forEach(touched::add);
    int shown = Math.min(sentences.size(), Impact.MAX_SENTENCES);
    return new Impact(
        sentences.subList(0, shown), sentences.size() - shown, tenants.size(), touched.size());
  }
}
