package dev.penstock.controlplane.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.manifest.Durations;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.row.RowStore;
import dev.penstock.kernel.money.NanoUsd;
import dev.penstock.kernel.money.TokenPrice;
import dev.penstock.kernel.policy.Hipaa;
import dev.penstock.kernel.policy.PolicyMode;
import dev.penstock.kernel.policy.PolicyRules;
import dev.penstock.kernel.policy.UnknownPrice;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hibernate.Session;

/** The tenants' own policies; what binds a tenant in the end is {@link EffectivePolicies}'. */
@Singleton
public class Policies implements Feature<Policy> {

  private static final String ENFORCE = "enforce";
  private static final String OBSERVE = "observe";
  private static final String REFUSE = "refuse";
  private static final String CEILING = "ceilingPerMillionTokens";

  /** A node needs up to half a minute to find and mend a dead line; less would be noise. */
  private static final Duration LEAST_STALENESS = Duration.ofMinutes(1);

  private static final Duration MOST_STALENESS = Duration.ofDays(30);

  private final Store<Policy> store;

  Policies(Session session) {
    store =
        new RowStore<>(session, Kind.POLICY, PolicyEntity.class, PolicyEntity::new, Policy::tenant);
  }

  @Override
  public Store<Policy> store() {
    return store;
  }

  @Override
  public Policy read(ResourceRef ref, Spec spec) {
    if (!ref.name().equals(Policy.NAME)) {
      spec.refuse("name", "there is one policy a tenant, and its name is " + Policy.NAME);
    }
    PolicyMode mode =
        spec.word("mode", Set.of(ENFORCE, OBSERVE)).filter(OBSERVE::equals).isPresent()
            ? PolicyMode.OBSERVE
            : PolicyMode.ENFORCE;
    boolean hipaa = spec.flag("hipaa").orElse(false);
    spec.object("content").ifPresent(content -> readContent(content, hipaa));
    PolicyRules rules =
        new PolicyRules(
            mode,
            readNames(spec, "models", "allow"),
            readNames(spec, "residency", "regions"),
            readUnknownPrice(spec),
            readMaxStaleness(spec, hipaa),
            spec.names("guards").orElse(List.of()),
            hipaa);
    spec.end();
    return new Policy(ref.owner(), rules);
  }

  private static Optional<Duration> readMaxStaleness(Spec spec, boolean hipaa) {
    Optional<Duration> stated = spec.duration("maxStaleness", LEAST_STALENESS, MOST_STALENESS);
    if (hipaa && stated.filter(most -> most.compareTo(Hipaa.MOST_STALENESS) > 0).isPresent()) {
      spec.refuse(
          "maxStaleness",
          "expected at most %s with hipaa: true".formatted(Durations.format(Hipaa.MOST_STALENESS)));
    }
    return stated;
  }

  private static void readContent(Spec content, boolean hipaa) {
    Optional<String> store = content.text("store");
    if (!store.equals(Optional.of("none"))) {
      content.refuse(
          "store",
          hipaa
              ? "no content is stored with hipaa: true (expected: none)"
              : "this build stores no content (expected: none)");
    }
    content.end();
  }

  private static Optional<Set<String>> readNames(Spec spec, String object, String list) {
    Optional<Spec> stated = spec.object(object);
    if (stated.isEmpty()) {
      return Optional.empty();
    }
    Optional<List<String>> names = stated.get().names(list);
    if (names.isEmpty() && !stated.get().has(list)) {
      stated.get().refuse(list, "is missing");
    }
    stated.get().end();
    return names.map(Set::copyOf);
  }

  private static Optional<UnknownPrice> readUnknownPrice(Spec spec) {
    if (!spec.has("unknownPrice")) {
      return Optional.empty();
    }
    if (spec.hasText("unknownPrice")) {
      return spec.word("unknownPrice", Set.of(REFUSE)).map(refuse -> new UnknownPrice.Refuse());
    }
    Optional<Spec> ceiling = spec.object("unknownPrice");
    NanoUsd price = ceiling.map(object -> object.requiredUsd(CEILING)).orElse(NanoUsd.ZERO);
    ceiling.ifPresent(Spec::end);
    return Optional.of(new UnknownPrice.Ceiling(new TokenPrice(price.value())));
  }

  @Override
  public List<Field> listFields() {
    return List.of(
        Field.text("mode"),
        Field.text("models.allow"),
        Field.text("residency.regions"),
        Field.text("guards"),
        Field.spec("hipaa", Field.Type.FLAG));
  }

  @Override
  public ObjectNode specOf(Policy policy) {
    SpecWriter spec = new SpecWriter().text("mode", word(policy.rules().mode()));
    policy.rules().allowedModels().ifPresent(names -> spec.node("models", list("allow", names)));
    policy.rules().regions().ifPresent(names -> spec.node("residency", list("regions", names)));
    spec.texts("guards", policy.rules().guards());
    policy.rules().unknownPrice().ifPresent(price -> write(spec, price));
    return spec.duration("maxStaleness", policy.rules().maxStaleness())
        .flag("hipaa", policy.rules().hipaa())
        .done();
  }

  static String word(PolicyMode mode) {
    return switch (mode) {
      case ENFORCE -> ENFORCE;
      case OBSERVE -> OBSERVE;
    };
  }

  private static ObjectNode list(String field, Set<String> names) {
    return new SpecWriter().statedTexts(field, names.stream().sorted().toList()).done();
  }

  private static void write(SpecWriter spec, UnknownPrice price) {
    switch (price) {
      case UnknownPrice.Refuse refuse -> spec.node("unknownPrice", TextNode.valueOf(REFUSE));
      case UnknownPrice.Ceiling(TokenPrice ceiling) ->
          spec.node(
              "unknownPrice",
              new SpecWriter()
                  .text(CEILING, new NanoUsd(ceiling.nanoUsdPerMillion()).toUsd())
                  .done());
    }
  }
}
