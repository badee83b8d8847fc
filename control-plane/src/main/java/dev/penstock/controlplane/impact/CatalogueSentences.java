package dev.penstock.controlplane.impact;

import dev.penstock.controlplane.catalogue.Deployment;
import dev.penstock.controlplane.catalogue.Model;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.provider.Provider;
import dev.penstock.controlplane.secret.Secret;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Models, providers and credentials: they touch whoever may use a model that is served by them. */
final class CatalogueSentences {

  private final World old;
  private final World now;
  private final Report report;

  private CatalogueSentences(World old, World now, Report report) {
    this.old = old;
    this.now = now;
    this.report = report;
  }

  static void write(World old, World now, Report report) {
    CatalogueSentences sentences = new CatalogueSentences(old, now, report);
    sentences.models();
    sentences.providers();
    sentences.secrets();
  }

  private void models() {
    for (String name : both(old.models().keySet(), now.models().keySet())) {
      Model before = old.models().get(name);
      Model after = now.models().get(name);
      if (Objects.equals(before, after)) {
        continue;
      }
      touchUsersOf(name);
      if (before == null || after == null) {
        report.say("model %s is %s", name, after == null ? "deleted" : "created");
        continue;
      }
      deployments(before, after);
      if (!before.prices().equals(after.prices())) {
        report.say("model %s has other prices than before", name);
      }
      if (!before.contextTokens().equals(after.contextTokens())
          || !before.maxOutputTokens().equals(after.maxOutputTokens())
          || !before.capabilities().equals(after.capabilities())
          || !before.traits().equals(after.traits())) {
        report.say("model %s has other limits or capabilities than before", name);
      }
    }
  }

  private void deployments(Model before, Model after) {
    Set<String> was = names(before);
    Set<String> is = names(after);
    TenantSentences.missing(was, is)
        .forEach(name -> report.say("model %s is no longer served by %s", after.name(), name));
    TenantSentences.missing(is, was)
        .forEach(name -> report.say("model %s is now also served by %s", after.name(), name));
    List<Deployment> kept =
        before.deployments().stream().filter(each -> is.contains(each.name())).toList();
    for (Deployment each : after.deployments()) {
      if (was.contains(each.name()) && !kept.contains(each)) {
        report.say("model %s is served otherwise than before by %s", after.name(), each.name());
      }
    }
  }

  private static Set<String> names(Model model) {
    return model.deployments().stream().map(Deployment::name).collect(Collectors.toSet());
  }

  private void providers() {
    for (String name : both(old.providers().keySet(), now.providers().keySet())) {
      Provider before = old.providers().get(name);
      Provider after = now.providers().get(name);
      if (Objects.equals(before, after)) {
        continue;
      }
      touchUsersOfProviders(Set.of(name));
      if (before == null || after == null) {
        report.say("provider %s is %s", name, after == null ? "deleted" : "created");
        continue;
      }
      if (!before.region().equals(after.region())) {
        report.say(
            "provider %s is now in %s (was: %s)",
            name,
            after.region().orElse("an unknown region"),
            before.region().orElse("an unknown region"));
      }
      if (!before.secret().equals(after.secret())) {
        report.say("provider %s is called with %s", name, after.secret());
      }
      if (!before.protocol().equals(after.protocol())
          || !before.apiVersion().equals(after.apiVersion())
          || before.compatibility() != after.compatibility()
          || !before.baseUrl().equals(after.baseUrl())) {
        report.say("provider %s is called at another address or in another protocol", name);
      }
      if (before.onClientGone() != after.onClientGone()) {
        report.say(
            "calls of provider %s whose clients leave: %s (was: %s)",
            name, after.onClientGone().word(), before.onClientGone().word());
      }
    }
  }

  private void secrets() {
    Set<ResourceRef> refs = new HashSet<>(old.secrets().keySet());
    refs.addAll(now.secrets().keySet());
    for (ResourceRef ref :
        refs.stream().sorted(Comparator.comparing(ResourceRef::toString)).toList()) {
      Secret before = old.secrets().get(ref);
      Secret after = now.secrets().get(ref);
      if (before != null && after != null && before.version() == after.version()) {
        continue;
      }
      touchUsersOfProviders(
          now.providers().values().stream()
              .filter(provider -> provider.secret().equals(ref))
              .map(Provider::name)
              .collect(Collectors.toSet()));
      String name = ref.owner() + "/" + ref.name();
      if (before == null || after == null) {
        report.say("secret %s is %s", name, after == null ? "deleted" : "created");
        continue;
      }
      report.say("secret %s gets version %d", name, after.version());
      TenantSentences.missing(Set.copyOf(before.regions()), Set.copyOf(after.regions()))
          .forEach(region -> report.say("secret %s may no longer be held in %s", name, region));
      TenantSentences.missing(Set.copyOf(after.regions()), Set.copyOf(before.regions()))
          .forEach(region -> report.say("secret %s may now be held in %s", name, region));
    }
  }

  private void touchUsersOfProviders(Set<String> providers) {
    now.models().values().stream()
        .filter(model ->
            model.deployments().stream().anyMatch(each -> providers.contains(each.provider())))
        .map(Model::name)
        .forEach(this::touchUsersOf);
  }

  private void touchUsersOf(String model) {
    report.touchAll(old.usersOf(model));
    report.touchAll(now.usersOf(model));
  }

  private static Set<String> both(Set<String> one, Set<String> other) {
    Set<String> names = new TreeSet<>(one);
    names.addAll(other);
    return names;
  }
}
