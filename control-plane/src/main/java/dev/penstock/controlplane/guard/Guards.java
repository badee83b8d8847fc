package dev.penstock.controlplane.guard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.controlplane.ControlPlaneConfig;
import dev.penstock.controlplane.listing.Field;
import dev.penstock.controlplane.manifest.Feature;
import dev.penstock.controlplane.manifest.Kind;
import dev.penstock.controlplane.manifest.ResourceRef;
import dev.penstock.controlplane.manifest.Spec;
import dev.penstock.controlplane.manifest.SpecWriter;
import dev.penstock.controlplane.manifest.Store;
import dev.penstock.controlplane.provider.ProviderAddress;
import dev.penstock.controlplane.row.RowStore;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.BadDetector;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.Guard;
import dev.penstock.kernel.guard.GuardLimits;
import dev.penstock.kernel.guard.OnFailure;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.guard.Unscannable;
import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.Session;

/** The guards of the tenants, as they are stated: none is stored that a node could not run. */
@Singleton
public class Guards implements Feature<StatedGuard> {

  private static final Set<String> TYPES =
      Set.of(
          Detector.Pii.TYPE,
          Detector.Secrets.TYPE,
          Detector.Terms.TYPE,
          Detector.Matching.TYPE,
          Detector.Injection.TYPE,
          Detector.Size.TYPE,
          Detector.Http.TYPE);
  private static final Set<String> ACTIONS =
      Arrays.stream(Action.values()).map(Action::word).collect(Collectors.toUnmodifiableSet());

  private final Store<StatedGuard> store;
  private final ProviderAddress addresses;

  Guards(Session session, ControlPlaneConfig config) {
    addresses =
        new ProviderAddress(
            "PENSTOCK_PROVIDER_ALLOW_PRIVATE", config.providerAllowPrivate().orElse(List.of()));
    store =
        new RowStore<>(
            session,
            Kind.GUARD,
            GuardEntity.class,
            GuardEntity::new,
            guard -> new GuardEntity.Key(guard.tenant(), guard.name()));
  }

  @Override
  public Store<StatedGuard> store() {
    return store;
  }

  @Override
  public StatedGuard read(ResourceRef ref, Spec spec) {
    Set<Side> on = readOn(spec);
    Unscannable unscannable =
        spec.word("unscannable", Set.copyOf(Unscannable.words()))
            .flatMap(Unscannable::of)
            .orElse(Unscannable.FLAG);
    List<Spec> stated = spec.objects("detectors");
    if (!spec.has("detectors")) {
      spec.refuse("detectors", "is missing");
    } else if (stated.isEmpty() || stated.size() > GuardLimits.MAX_DETECTORS) {
      spec.refuse("detectors", "expected 1 to " + GuardLimits.MAX_DETECTORS + " detectors");
    }
    List<Detector> detectors =
        stated.stream().flatMap(detector -> readDetector(detector).stream()).toList();
    try {
      Guard.checkExternal(on, detectors);
    } catch (BadDetector bad) {
      spec.refuse(bad.field(), String.valueOf(bad.getMessage()));
    }
    spec.end();
    return new StatedGuard(ref.owner(), ref.name(), on, unscannable, detectors);
  }

  private static Set<Side> readOn(Spec spec) {
    List<String> words = spec.names("on").orElse(List.of());
    if (!spec.has("on")) {
      spec.refuse("on", "is missing (expected: some of %s)".formatted(Side.words()));
    } else if (words.isEmpty()) {
      spec.refuse("on", "expected some of " + Side.words());
    }
    for (int i = 0; i < words.size(); i++) {
      if (Side.of(words.get(i)).isEmpty()) {
        spec.refuse(
            "on[" + i + "]", "this build does not know it (expected: %s)".formatted(Side.words()));
      }
    }
    return words.stream()
        .flatMap(word -> Side.of(word).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private Optional<Detector> readDetector(Spec spec) {
    String type = spec.word("type", TYPES).orElse("");
    if (!spec.has("type")) {
      spec.refuse("type", "is missing");
    }
    // Phrases are told from attempts by nobody but a reader, so they are only recorded unless
    // stated.
    boolean recorded = type.equals(Detector.Injection.TYPE);
    if (!spec.has("action") && !recorded) {
      spec.refuse("action", "is missing");
    }
    Action action =
        spec.word("action", ACTIONS)
            .flatMap(Action::of)
            .orElse(recorded ? Action.FLAG : Action.BLOCK);
    Optional<Detector> detector =
        switch (type) {
          case Detector.Pii.TYPE -> Optional.of(new Detector.Pii(readEntities(spec), action));
          case Detector.Secrets.TYPE -> Optional.of(new Detector.Secrets(action));
          case Detector.Terms.TYPE ->
              Optional.of(new Detector.Terms(spec.freeTexts("terms").orElse(List.of()), action));
          case Detector.Matching.TYPE ->
              Optional.of(new Detector.Matching(spec.requiredText("pattern"), action));
          case Detector.Injection.TYPE -> Optional.of(new Detector.Injection(action));
          case Detector.Size.TYPE -> readSize(spec, action);
          case Detector.Http.TYPE -> readHttp(spec, action);
          default -> Optional.empty(); // is noted already, and its fields would only repeat it
        };
    detector.ifPresent(found -> {
      prove(found, spec);
      spec.end();
    });
    return detector;
  }

  private static Optional<Detector> readSize(Spec spec, Action action) {
    if (!spec.has("maxCharacters")) {
      spec.refuse("maxCharacters", "is missing");
    }
    return Optional.of(
        new Detector.Size(
            spec.integer("maxCharacters", 1, GuardLimits.MAX_SIZE)
                .orElse((long) GuardLimits.MAX_SIZE)
                .intValue(),
            action));
  }

  /** Where it may lead is decided as for providers. */
  private Optional<Detector> readHttp(Spec spec, Action action) {
    String url = spec.requiredText("url");
    Optional<String> problem = url.isEmpty() ? Optional.empty() : addresses.problemOf(url);
    problem.ifPresent(wrong -> spec.refuse("url", wrong));
    return Optional.of(
        new Detector.Http(
            // What is refused is not refused again for its form.
            url.isEmpty() || problem.isPresent() ? "https://guard.example" : url,
            spec.duration("timeout", GuardLimits.MIN_TIMEOUT, GuardLimits.MAX_TIMEOUT)
                .orElse(GuardLimits.TIMEOUT),
            spec.word("onFailure", Set.copyOf(OnFailure.words()))
                .flatMap(OnFailure::of)
                .orElse(OnFailure.BLOCK),
            spec.integer("maxConcurrent", 1, GuardLimits.MAX_CONCURRENT)
                .orElse((long) GuardLimits.CONCURRENT)
                .intValue(),
            action));
  }

  private static List<PiiEntity> readEntities(Spec spec) {
    List<String> words = spec.names("entities").orElse(List.of());
    for (int i = 0; i < words.size(); i++) {
      if (PiiEntity.of(words.get(i)).isEmpty()) {
        spec.refuse(
            "entities[" + i + "]",
            "this build does not know it (expected: %s)"
                .formatted(Arrays.stream(PiiEntity.values()).map(PiiEntity::word).toList()));
      }
    }
    return words.stream().flatMap(word -> PiiEntity.of(word).stream()).toList();
  }

  private static void prove(Detector detector, Spec spec) {
    try {
      Guard.check(detector);
    } catch (BadDetector bad) {
      // What is missing or unknown is noted already, in words that fit better.
      if (!bad.field().equals("pattern") || spec.has("pattern")) {
        spec.refuse(bad.field(), String.valueOf(bad.getMessage()));
      }
    }
  }

  @Override
  public boolean isSame(StatedGuard stored, StatedGuard wanted) {
    return stored.equals(wanted);
  }

  @Override
  public List<Field> listFields() {
    return List.of();
  }

  @Override
  public ObjectNode specOf(StatedGuard guard) {
    return new SpecWriter()
        .statedTexts("on", words(guard.on()))
        .text("unscannable", guard.unscannable().word())
        .nodes("detectors", guard.detectors().stream().map(Guards::specOf).toList())
        .done();
  }

  private static List<String> words(Set<Side> sides) {
    return sides.stream().map(Side::word).toList();
  }

  private static ObjectNode specOf(Detector detector) {
    SpecWriter spec = formOf(detector);
    switch (detector) {
      case Detector.Pii pii -> {}
      case Detector.Secrets secrets -> {}
      case Detector.Terms terms -> spec.texts("terms", terms.terms());
      case Detector.Matching matching -> spec.text("pattern", matching.pattern());
      case Detector.Injection injection -> {}
      case Detector.Size size -> {}
      case Detector.Http http ->
          spec.duration("timeout", Optional.of(http.timeout()))
              .number("maxConcurrent", Optional.of((long) http.maxConcurrent()));
    }
    return spec.text("action", detector.action().word()).done();
  }

  /** What may be known of a detector by whomever it binds. */
  private static SpecWriter formOf(Detector detector) {
    SpecWriter form = new SpecWriter().text("type", detector.type());
    return switch (detector) {
      case Detector.Pii pii ->
          form.texts("entities", pii.entities().stream().map(PiiEntity::word).toList());
      case Detector.Size size ->
          form.number("maxCharacters", Optional.of((long) size.maxCharacters()));
      // Whoever it binds may know to whom their texts go.
      case Detector.Http http ->
          form.text("url", http.url()).text("onFailure", http.onFailure().word());
      case Detector.Secrets secrets -> form;
      case Detector.Terms terms -> form;
      case Detector.Matching matching -> form;
      case Detector.Injection injection -> form;
    };
  }

  /**
   * Where it looks, what becomes of what it cannot search and what its detectors do, for those whom
   * it binds: how many terms they look for and not which, and no pattern. Those are their owner's
   * business.
   */
  public static void outline(StatedGuard guard, SpecWriter entry) {
    entry
        .texts("on", words(guard.on()))
        .text("unscannable", guard.unscannable().word())
        .nodes("detectors", guard.detectors().stream().map(Guards::outline).toList());
  }

  private static ObjectNode outline(Detector detector) {
    SpecWriter form = formOf(detector);
    if (detector instanceof Detector.Terms terms) {
      form.number("count", Optional.of((long) terms.terms().size()));
    }
    return form.text("action", detector.action().word()).done();
  }
}
