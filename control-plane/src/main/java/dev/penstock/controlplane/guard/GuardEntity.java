package dev.penstock.controlplane.guard;

import dev.penstock.controlplane.row.Row;
import dev.penstock.kernel.guard.Action;
import dev.penstock.kernel.guard.Detector;
import dev.penstock.kernel.guard.OnFailure;
import dev.penstock.kernel.guard.PiiEntity;
import dev.penstock.kernel.guard.Side;
import dev.penstock.kernel.guard.Unscannable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

@Entity(name = "Guard")
@Table(schema = "policy", name = "guard")
@IdClass(GuardEntity.Key.class)
@SuppressWarnings("NullAway.Init") // Hibernate sets the fields
class GuardEntity implements Row<StatedGuard> {

  /** Whose it is, and its name there. */
  record Key(String tenant, String name) implements Serializable {}

  /** A detector in the words of its manifest; what its type has no use for is null. */
  record Stored(
      String type,
      String action,
      @Nullable List<String> entities,
      @Nullable List<String> terms,
      @Nullable String pattern,
      @Nullable Integer maxCharacters,
      @Nullable StoredHttp http) {

    static Stored of(Detector detector) {
      return new Stored(
          detector.type(),
          detector.action().word(),
          detector instanceof Detector.Pii pii
              ? pii.entities().stream().map(PiiEntity::word).toList()
              : null,
          detector instanceof Detector.Terms stated ? stated.terms() : null,
          detector instanceof Detector.Matching matching ? matching.pattern() : null,
          detector instanceof Detector.Size size ? size.maxCharacters() : null,
          detector instanceof Detector.Http http ? StoredHttp.of(http) : null);
    }

    Detector toDetector() {
      Action what = Action.of(action).orElseThrow();
      return switch (type) {
        case Detector.Pii.TYPE ->
            new Detector.Pii(
                stated(entities).stream().map(word -> PiiEntity.of(word).orElseThrow()).toList(),
                what);
        case Detector.Secrets.TYPE -> new Detector.Secrets(what);
        case Detector.Terms.TYPE -> new Detector.Terms(stated(terms), what);
        case Detector.Matching.TYPE -> new Detector.Matching(stated(pattern), what);
        case Detector.Injection.TYPE -> new Detector.Injection(what);
        case Detector.Size.TYPE -> new Detector.Size(stated(maxCharacters), what);
        case Detector.Http.TYPE -> stated(http).toDetector(what);
        default -> throw new IllegalStateException("a stored guard has a detector of type " + type);
      };
    }

    private static <T> T stated(@Nullable T field) {
      return Objects.requireNonNull(field, "field");
    }
  }

  /** Where an external guard is and how it is asked. */
  record StoredHttp(String url, long timeoutMillis, String onFailure, int maxConcurrent) {

    static StoredHttp of(Detector.Http http) {
      return new StoredHttp(
          http.url(), http.timeout().toMillis(), http.onFailure().word(), http.maxConcurrent());
    }

    Detector.Http toDetector(Action what) {
      return new Detector.Http(
          url,
          Duration.ofMillis(timeoutMillis),
          OnFailure.of(onFailure).orElseThrow(),
          maxConcurrent,
          what);
    }
  }

  @Id String tenant;
  @Id String name;

  String[] sides;
  String unscannable;

  @JdbcTypeCode(SqlTypes.JSON)
  List<Stored> detectors;

  @Override
  public void set(StatedGuard guard) {
    tenant = guard.tenant();
    name = guard.name();
    sides = guard.on().stream().map(Side::word).toArray(String[]::new);
    unscannable = guard.unscannable().word();
    detectors = guard.detectors().stream().map(Stored::of).toList();
  }

  @Override
  public StatedGuard toRecord() {
    return new StatedGuard(
        tenant,
        name,
        Arrays.stream(sides)
            .map(word -> Side.of(word).orElseThrow())
            .collect(Collectors.toUnmodifiableSet()),
        Unscannable.of(unscannable).orElseThrow(),
        detectors.stream().map(Stored::toDetector).toList());
  }
}
